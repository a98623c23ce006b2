//! The decision about one trace.

use super::{SampleRand, SampleRate, Sampler, SamplingContext};
use crate::id::TraceId;
use crate::propagation::IncomingTrace;

/// Whether a trace is sampled, and the numbers behind the decision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sampling {
    /// `None` while the decision is deferred.
    pub(crate) sampled: Option<bool>,
    /// The local rate, where this service decided.
    pub(crate) rate: Option<SampleRate>,
    /// `None` where no number can explain the decision.
    pub(crate) rand: Option<SampleRand>,
    /// The number in the caller's baggage.
    pub(crate) incoming_rand: Option<SampleRand>,
}

impl Sampling {
    /// Decides about a trace. `sdk` is the decision of an SDK that has decided already, itself `None`
    /// where the SDK defers.
    #[inline]
    pub(crate) fn decide(
        context: &SamplingContext<'_>,
        sampler: &Sampler,
        sdk: Option<Option<bool>>,
    ) -> Self {
        let rate = sampler.rate(context);
        let ours = match context.incoming() {
            Some(incoming) => Self::continued(context.trace_id(), incoming, sampler, rate),
            None => Self::by_rate(rate, SampleRand::of(context.trace_id()), None),
        };
        match sdk {
            Some(sampled) if sampled != ours.sampled => {
                let rate = ours.rate.or(rate.filter(|_| sampler.outranks_caller()));
                ours.explaining(sampled, rate, context.trace_id())
            }
            _ => ours,
        }
    }

    #[inline]
    fn continued(
        trace_id: TraceId,
        incoming: &IncomingTrace,
        sampler: &Sampler,
        rate: Option<SampleRate>,
    ) -> Self {
        let incoming_rand = incoming.sample_rand().parse().ok();
        let Some(sampled) = incoming.sentry_trace().sampled() else {
            let rand = incoming_rand.unwrap_or_else(|| SampleRand::of(trace_id));
            return Self::by_rate(rate, rand, incoming_rand);
        };
        let rand = incoming_rand.or_else(|| explained_by(incoming, sampled, trace_id));
        if sampler.outranks_caller() && rate != parent_rate(incoming) {
            let rand = rand.unwrap_or_else(|| SampleRand::of(trace_id));
            return Self::by_rate(rate, rand, incoming_rand);
        }
        Self {
            sampled: Some(sampled),
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
            rate,
            rand: Some(rand),
            incoming_rand,
        }
    }

    /// The same trace with the decision of somebody else, and a number that explains it at `rate`.
    fn explaining(
        self,
        sampled: Option<bool>,
        rate: Option<SampleRate>,
        trace_id: TraceId,
    ) -> Self {
        match (sampled, rate) {
            (Some(sampled), Some(rate)) => Self {
                sampled: Some(sampled),
                rate: Some(rate),
                rand: SampleRand::explaining(sampled, rate, trace_id),
                ..self
            },
            _ => Self {
                sampled,
                rate: None,
                ..self
            },
        }
    }
}

fn parent_rate(incoming: &IncomingTrace) -> Option<SampleRate> {
    incoming.sample_rate().parse().ok()
}

/// A number that explains the caller's decision: any one, where the caller's rate is unknown.
fn explained_by(incoming: &IncomingTrace, sampled: bool, trace_id: TraceId) -> Option<SampleRand> {
    match parent_rate(incoming) {
        Some(rate) => SampleRand::explaining(sampled, rate, trace_id),
        None => Some(SampleRand::of(trace_id)),
    }
}
