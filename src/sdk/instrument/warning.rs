use std::sync::Once;

use sentry::{Client, TracesSamplingStrategy};

static ONCE: Once = Once::new();

/// The sampling strategy of a client that is not instrumented. Warns once per process about what that means.
pub(in crate::sdk) fn uninstrumented_strategy_of(client: &Client) -> &TracesSamplingStrategy {
    let strategy = &client.options().traces_sampling_strategy;
    if !ONCE.is_completed() && extrapolates(strategy) {
        ONCE.call_once(|| {
            tracing::warn!(
                "the server's transactions are sent without the sampling context that the browser's \
                 transactions have: pass the client options through `sentry_ssr::instrument`"
            );
        });
    }
    strategy
}

/// Whether Sentry has to extrapolate from the sampled traces.
fn extrapolates(strategy: &TracesSamplingStrategy) -> bool {
    match strategy {
        TracesSamplingStrategy::FixedRate(rate) => *rate < 1.0,
        TracesSamplingStrategy::Function(_) => true,
        _ => false,
    }
}
