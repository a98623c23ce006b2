//! Who decides whether a trace is sampled, and by which numbers.
//!
//! 1. The decision of a caller is inherited.
//! 2. Else `traces_sampler`, else `traces_sample_rate` gives a [`SampleRate`], and the trace is
//!    sampled exactly when its [`SampleRand`] is below it.
//! 3. Else nobody decides here: the decision is *deferred* to whoever continues the trace.
//!
//! Source: <https://develop.sentry.dev/sdk/foundations/trace-propagation/dynamic-sampling-context/>

mod decimal;
mod rand;
mod rate;
mod sampler;

pub use rand::SampleRand;
pub use rate::SampleRate;
pub(crate) use sampler::Sampler;
pub use sampler::SamplingContext;

use crate::header::IncomingTrace;
use crate::id::TraceId;

/// What a caller said about sampling; a head of trace has no caller, and nothing was said.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Inherited {
    sampled: Option<bool>,
    /// Asked for only where there is no number.
    rate: Option<SampleRate>,
    rand: Option<SampleRand>,
}

/// Whether a trace is sampled, and the numbers that explain it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sampling {
    /// `None` while the decision is deferred.
    pub(crate) sampled: Option<bool>,
    /// The rate that decided, where this service did.
    pub(crate) rate: Option<SampleRate>,
    /// `None` where the caller's decision and rate contradict each other.
    pub(crate) rand: Option<SampleRand>,
    /// The number that the caller's baggage has.
    pub(crate) came: Option<SampleRand>,
}

impl Inherited {
    pub(crate) fn from(incoming: &IncomingTrace) -> Self {
        let rand: Option<SampleRand> = incoming.sample_rand().parse().ok();
        let rate = match rand {
            Some(_) => None,
            None => incoming.sample_rate().parse().ok(),
        };
        Self {
            sampled: incoming.sentry_trace().sampled(),
            rate,
            rand,
        }
    }
}

impl Sampling {
    /// Inherits the caller's decision, else decides by the `local` rate, where there is one.
    #[inline]
    pub(crate) fn decide(
        trace_id: TraceId,
        inherited: Inherited,
        local: impl FnOnce() -> Option<SampleRate>,
    ) -> Self {
        match inherited.sampled {
            Some(sampled) => Self::inherit(trace_id, sampled, inherited),
            None => Self::decide_here(trace_id, inherited, local()),
        }
    }

    #[inline]
    fn inherit(trace_id: TraceId, sampled: bool, inherited: Inherited) -> Self {
        let rand = match (inherited.rand, inherited.rate) {
            (Some(rand), _) => Some(rand),
            (None, Some(rate)) => SampleRand::explaining(sampled, rate, trace_id),
            (None, None) => Some(SampleRand::of(trace_id)),
        };
        Self {
            sampled: Some(sampled),
            rate: None,
            rand,
            came: inherited.rand,
        }
    }

    #[inline]
    fn decide_here(trace_id: TraceId, inherited: Inherited, rate: Option<SampleRate>) -> Self {
        let rand = inherited.rand.unwrap_or_else(|| SampleRand::of(trace_id));
        Self {
            sampled: rate.map(|rate| rand.is_below(rate)),
            rate,
            rand: Some(rand),
            came: inherited.rand,
        }
    }

    /// The same trace, where somebody else decided about it after all: the number is moved so that
    /// it explains their decision, and left out where no number can.
    pub(crate) fn overruled(self, sampled: Option<bool>, trace_id: TraceId) -> Self {
        match (sampled, self.rate) {
            _ if sampled == self.sampled => self,
            (Some(sampled), Some(rate)) => Self {
                sampled: Some(sampled),
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
