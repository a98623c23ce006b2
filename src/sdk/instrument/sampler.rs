use std::sync::Arc;

use sentry::{TracesSamplingStrategy, TransactionContext};

use crate::id::TraceId;
use crate::sampling::SampleRand;
use crate::sdk::rate;

/// The user's way to decide, by the rules of [`crate::sampling`]: an inherited decision stands, and is
/// not asked about; else the rate is compared with the number of the trace.
pub(super) fn by_the_rules(strategy: &TracesSamplingStrategy) -> TracesSamplingStrategy {
    match strategy.clone() {
        TracesSamplingStrategy::FixedRate(rate) => decide_by(move |_| rate),
        TracesSamplingStrategy::Function(sampler) => decide_by(move |context| sampler(context)),
        other => other,
    }
}

/// A rate of exactly 1 or 0 leaves the SDK nothing to roll dice about.
fn decide_by<F>(rate: F) -> TracesSamplingStrategy
where
    F: Fn(&TransactionContext) -> f32 + Send + Sync + 'static,
{
    TracesSamplingStrategy::Function(Arc::new(move |context| {
        let sampled = context.sampled();
        f32::from(sampled.unwrap_or_else(|| is_sampled(context, rate(context))))
    }))
}

fn is_sampled(context: &TransactionContext, rate: f32) -> bool {
    let trace_id = context.trace_id().to_string().parse::<TraceId>();
    trace_id.is_ok_and(|trace_id| {
        rate::of_sdk(rate).is_some_and(|rate| SampleRand::of(trace_id).is_below(rate))
    })
}
