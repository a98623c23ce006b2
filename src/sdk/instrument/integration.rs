use std::any::Any;
use std::sync::{Arc, Once};

use sentry::protocol::Event;
use sentry::{
    BeforeCallback, Client, ClientOptions, Integration, TracesSamplingStrategy, TransportFactory,
};

use super::{attachment, sampler};

/// Installs what a client needs besides the transport. It runs when the client is created, so options that
/// were set after [`instrument`](super::instrument) count as well.
pub(super) struct Instrument {
    /// The transport that detaches contexts.
    pub(super) transport: Arc<dyn TransportFactory>,
}

/// Marks a client as instrumented, and keeps the sampling strategy of its user.
struct Installed {
    strategy: TracesSamplingStrategy,
}

impl Instrument {
    /// Whether the client sends through our transport. Any other one would send the attached contexts.
    fn is_in_use(&self, options: &ClientOptions) -> bool {
        let transport = options.transport.as_ref();
        transport.is_some_and(|transport| Arc::ptr_eq(transport, &self.transport))
    }
}

impl Integration for Instrument {
    fn name(&self) -> &'static str {
        "sentry-ssr"
    }

    fn setup(&self, options: &mut ClientOptions) {
        if !self.is_in_use(options) || installed(options).is_some() {
            return;
        }
        let strategy = options.traces_sampling_strategy.clone();
        options.traces_sampling_strategy = sampler::following_the_rules(&strategy);
        options.before_send = options.before_send.take().map(without_attachment);
        options.integrations.push(Arc::new(Installed { strategy }));
    }
}

impl Integration for Installed {}

/// The user's callback, which sees events without an attached context.
fn without_attachment(
    before_send: BeforeCallback<Event<'static>>,
) -> BeforeCallback<Event<'static>> {
    Arc::new(move |mut event| {
        let attached = attachment::detach_value(&mut event.contexts);
        let mut event = before_send(event)?;
        if let Some(attached) = attached {
            attachment::restore(&mut event.contexts, attached);
        }
        Some(event)
    })
}

/// The sampling strategy of the user of an instrumented client; `None` for any other client.
pub(in crate::sdk) fn strategy_of(client: &Client) -> Option<&TracesSamplingStrategy> {
    installed(client.options()).map(|installed| &installed.strategy)
}

fn installed(options: &ClientOptions) -> Option<&Installed> {
    options.integrations.iter().rev().find_map(|integration| {
        let integration: &dyn Any = &**integration;
        integration.downcast_ref()
    })
}

/// The sampling strategy of a client that is not instrumented. Warns once per process about what that means.
pub(in crate::sdk) fn uninstrumented_strategy_of(client: &Client) -> &TracesSamplingStrategy {
    static ONCE: Once = Once::new();

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
