use std::cell::Cell;
use std::sync::Arc;

use sentry::{TracesSamplingStrategy, TransactionContext};

use crate::id::TraceId;
use crate::sampling::{SampleRand, SampleRate};
use crate::sdk::options::decimal;

thread_local! {
    /// Whether the transaction that this thread starts has been decided about.
    static IS_DECIDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `start`, which starts one transaction with a decision. An instrumented client keeps that decision.
pub(in crate::sdk) fn with_decision<R>(start: impl FnOnce() -> R) -> R {
    IS_DECIDED.set(true);
    let result = start();
    IS_DECIDED.set(false);
    result
}

/// The user's strategy under the rules of [`crate::sampling`], for transactions that other code starts.
pub(super) fn following_the_rules(strategy: &TracesSamplingStrategy) -> TracesSamplingStrategy {
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
