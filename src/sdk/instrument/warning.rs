use std::sync::Once;

use sentry::{Client, TracesSamplingStrategy};

static ONCE: Once = Once::new();

/// How a client decides that is not instrumented; says once a process what comes of that.
pub(in crate::sdk) fn missed_by(client: &Client) -> &TracesSamplingStrategy {
    let strategy = &client.options().traces_sampling_strategy;
    if !ONCE.is_completed() && weighs(strategy) {
        ONCE.call_once(|| {
            tracing::warn!(
                "the server's transactions reach Sentry without the sampling context that the \
                 browser's carry: give the SDK `sentry_ssr::instrument(options)` for its options"
            );
        });
    }
    strategy
}

/// Whether a trace can stand for more than itself.
fn weighs(strategy: &TracesSamplingStrategy) -> bool {
    match strategy {
        TracesSamplingStrategy::FixedRate(rate) => *rate < 1.0,
        TracesSamplingStrategy::Function(_) => true,
        _ => false,
    }
}
