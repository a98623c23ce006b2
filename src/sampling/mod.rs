//! Whether a trace is sampled, and the numbers that explain the decision.
//!
//! 1. A `traces_sampler` is always called, for continued traces too. The trace is sampled exactly when its
//!    [`SampleRand`] is below the rate that the sampler returns. If that is the caller's own rate, the
//!    caller's decision is kept, unless it contradicts the rate: at a rate of 0 no trace is sampled.
//! 2. Without a sampler, the caller's decision is inherited.
//! 3. Without a caller's decision, the [`SampleRand`] is compared with `traces_sample_rate`.
//! 4. Without a rate, the decision is *deferred* to the next service.
//!
//! Source: <https://develop.sentry.dev/sdk/foundations/trace-propagation/dynamic-sampling-context/>

mod decimal;
mod rate;
mod sampler;

pub use rate::{SampleRand, SampleRate};
pub(crate) use sampler::Sampler;
pub use sampler::SamplingContext;

use crate::id::TraceId;
use crate::propagation::IncomingTrace;

/// Whether a trace is sampled, and the numbers that explain the decision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sampling {
    /// `None` while the decision is deferred.
    pub(crate) sampled: Option<bool>,
    /// Whether the decision was made here, and not by the caller.
    pub(crate) is_local: bool,
    /// The local rate, if it decided.
    pub(crate) rate: Option<SampleRate>,
    /// `None` if no number can explain the decision.
    pub(crate) rand: Option<SampleRand>,
    /// The number in the caller's baggage.
    pub(crate) incoming_rand: Option<SampleRand>,
}

/// The decision of an SDK that does not accept ours; `None` inside if it defers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SdkDecision(pub(crate) Option<bool>);

impl Sampling {
    /// Decides about a trace, once. An SDK that has decided already is followed.
    #[inline]
    pub(crate) fn decide(
        context: &SamplingContext<'_>,
        sampler: &Sampler,
        sdk: Option<SdkDecision>,
    ) -> Self {
        let rate = sampler.rate(context);
        let ours = match context.incoming() {
            Some(incoming) => Self::continued(context, incoming, sampler, rate),
            None => Self::by_rate(rate, SampleRand::of(context.trace_id()), None),
        };
        match sdk {
            Some(SdkDecision(theirs)) if theirs != ours.sampled => {
                ours.explaining(theirs, rate, context.trace_id())
            }
            _ => ours,
        }
    }

    #[inline]
    fn continued(
        context: &SamplingContext<'_>,
        incoming: &IncomingTrace,
        sampler: &Sampler,
        rate: Option<SampleRate>,
    ) -> Self {
        let trace_id = context.trace_id();
        let incoming_rand = incoming.sample_rand().parse().ok();
        let Some(decision) = incoming.sentry_trace().sampled() else {
            let rand = incoming_rand.unwrap_or_else(|| SampleRand::of(trace_id));
            return Self::by_rate(rate, rand, incoming_rand);
        };
        let rand = incoming_rand.or_else(|| explained_by(context, decision));
        let is_kept = || {
            is_same(rate, context.parent_sample_rate())
                && rate
                    .is_none_or(|rate| SampleRand::explaining(decision, rate, trace_id).is_some())
        };
        if sampler.outranks_caller() && !is_kept() {
            let rand = rand.unwrap_or_else(|| SampleRand::of(trace_id));
            return Self::by_rate(rate, rand, incoming_rand);
        }
        Self {
            sampled: Some(decision),
            is_local: false,
            rate: None,
            rand,
            incoming_rand,
        }
    }

    #[inline]
    fn by_rate(
        rate: Option<SampleRate>,
        rand: SampleRand,
        incoming_rand: Option<SampleRand>,
    ) -> Self {
        Self {
            sampled: rate.map(|rate| rand.is_below(rate)),
            is_local: rate.is_some(),
            rate,
            rand: Some(rand),
            incoming_rand,
        }
    }

    /// The same trace with the decision of an SDK, and a number that explains it at `rate`. A rate at
    /// which no number explains it did not decide.
    fn explaining(
        self,
        sampled: Option<bool>,
        rate: Option<SampleRate>,
        trace_id: TraceId,
    ) -> Self {
        let explained = sampled.zip(rate).and_then(|(sampled, rate)| {
            Some((rate, SampleRand::explaining(sampled, rate, trace_id)?))
        });
        let (rate, rand) = explained.unzip();
        Self {
            sampled,
            is_local: true,
            rate,
            rand: rand.or(self.rand),
            ..self
        }
    }
}

/// Whether a sampler has returned the caller's rate, which it knows as a binary number.
fn is_same(rate: Option<SampleRate>, parent: Option<SampleRate>) -> bool {
    rate == parent || rate.map(SampleRate::get) == parent.map(SampleRate::get)
}

/// A number that explains the caller's decision: any number, if the caller's rate is unknown.
fn explained_by(context: &SamplingContext<'_>, sampled: bool) -> Option<SampleRand> {
    match context.parent_sample_rate() {
        Some(rate) => SampleRand::explaining(sampled, rate, context.trace_id()),
        None => Some(SampleRand::of(context.trace_id())),
    }
}
