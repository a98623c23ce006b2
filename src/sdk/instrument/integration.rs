//! What [`instrument`](super::instrument) installs in a client: the sampler that follows the rules, and a `before_send`
//! that sees no attached context.

use std::any::Any;
use std::cell::Cell;
use std::sync::{Arc, Once};

use sentry::protocol::Event;
use sentry::{
    BeforeCallback, Client, ClientOptions, Integration, TracesSamplingStrategy, TransactionContext,
    TransportFactory,
};

use super::envelope;
use crate::id::TraceId;
use crate::sampling::{SampleRand, SampleRate};
use crate::sdk::decimal;

/// Installs what a client needs besides the transport. It runs when the client is created, so options that
/// were set after [`instrument`](super::instrument) count as well.
pub(super) struct InstrumentIntegration {
    /// The transport that detaches contexts.
    pub(super) transport: Arc<dyn TransportFactory>,
}

/// Marks a client as instrumented, and keeps the sampling strategy of its user.
struct UserStrategy(TracesSamplingStrategy);

impl InstrumentIntegration {
    /// Whether the client sends through our transport. Any other one would send the attached contexts.
    fn is_in_use(&self, options: &ClientOptions) -> bool {
        let transport = options.transport.as_ref();
        transport.is_some_and(|transport| Arc::ptr_eq(transport, &self.transport))
    }
}

impl Integration for InstrumentIntegration {
    fn name(&self) -> &'static str {
        "sentry-ssr"
    }

    fn setup(&self, options: &mut ClientOptions) {
        if !self.is_in_use(options) || user_strategy(options).is_some() {
            return;
        }
        let strategy = options.traces_sampling_strategy.clone();
        options.traces_sampling_strategy = following_the_rules(&strategy);
        options.before_send = options.before_send.take().map(without_attachment);
        options.integrations.push(Arc::new(UserStrategy(strategy)));
    }
}

impl Integration for UserStrategy {}

/// The user's callback, which sees events without an attached context.
fn without_attachment(
    before_send: BeforeCallback<Event<'static>>,
) -> BeforeCallback<Event<'static>> {
    Arc::new(move |mut event| {
        let attached = envelope::detach_value(&mut event.contexts);
        let mut event = before_send(event)?;
        if let Some(attached) = attached {
            envelope::restore(&mut event.contexts, attached);
        }
        Some(event)
    })
}

/// The sampling strategy of the user of an instrumented client; `None` for any other client.
pub(in crate::sdk) fn strategy_of(client: &Client) -> Option<&TracesSamplingStrategy> {
    user_strategy(client.options()).map(|found| &found.0)
}

fn user_strategy(options: &ClientOptions) -> Option<&UserStrategy> {
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

thread_local! {
    /// Whether the sampling decision on the transaction that this thread starts has been made.
    static IS_DECIDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `start`, which starts one transaction with a decision. An instrumented client keeps that decision.
pub(in crate::sdk) fn with_decision<R>(start: impl FnOnce() -> R) -> R {
    // Dropped even if a callback of the user panics: the next transaction of the thread has no decision yet.
    let _reset = Decided::begin();
    start()
}

struct Decided;

impl Decided {
    fn begin() -> Self {
        IS_DECIDED.set(true);
        Self
    }
}

impl Drop for Decided {
    fn drop(&mut self) {
        IS_DECIDED.set(false);
    }
}

/// The user's strategy under the rules of [`crate::sampling`], for transactions that other code starts.
fn following_the_rules(strategy: &TracesSamplingStrategy) -> TracesSamplingStrategy {
    match strategy.clone() {
        TracesSamplingStrategy::FixedRate(rate) => decide_by(move |context| {
            let inherited = context.sampled();
            inherited.unwrap_or_else(|| is_sampled(context, rate))
        }),
        TracesSamplingStrategy::Function(sampler) => {
            decide_by(move |context| is_sampled(context, sampler(context)))
        }
        other => other,
    }
}

/// Returns a rate of exactly 1 or 0, so that the SDK's random number does not matter.
fn decide_by<F>(decide: F) -> TracesSamplingStrategy
where
    F: Fn(&TransactionContext) -> bool + Send + Sync + 'static,
{
    TracesSamplingStrategy::Function(Arc::new(move |context| {
        let ours = context.sampled().filter(|_| IS_DECIDED.get());
        f32::from(ours.unwrap_or_else(|| decide(context)))
    }))
}

fn is_sampled(context: &TransactionContext, rate: f32) -> bool {
    let rate = SampleRate::try_from(decimal(rate));
    let trace_id = TraceId::try_from(context.trace_id());
    matches!((rate, trace_id), (Ok(rate), Ok(id)) if SampleRand::of(id).is_below(rate))
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::{IS_DECIDED, with_decision};

    #[test]
    fn a_panic_leaves_no_decision_to_the_thread() {
        let result = catch_unwind(|| with_decision(|| assert!(!IS_DECIDED.get())));
        assert!(result.is_err());
        assert!(!IS_DECIDED.get());
    }
}
