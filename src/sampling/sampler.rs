use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use super::SampleRate;
use crate::id::TraceId;
use crate::name::TransactionName;

/// What a `traces_sampler` knows of the trace that it is asked about.
///
/// It is asked only where no caller has decided already.
#[derive(Debug, Clone, Copy)]
pub struct SamplingContext<'a> {
    name: TransactionName<'a>,
    trace_id: TraceId,
    is_continued: bool,
}

impl<'a> SamplingContext<'a> {
    pub(crate) const fn new(
        name: TransactionName<'a>,
        trace_id: TraceId,
        is_continued: bool,
    ) -> Self {
        Self {
            name,
            trace_id,
            is_continued,
        }
    }

    /// The name of the root span so far, such as `GET /users/{id}`.
    pub const fn name(&self) -> TransactionName<'a> {
        self.name
    }

    /// The trace that is decided about.
    #[must_use]
    pub const fn trace_id(&self) -> TraceId {
        self.trace_id
    }

    /// Whether the trace came from a caller, who deferred the decision.
    #[must_use]
    pub const fn is_continued(&self) -> bool {
        self.is_continued
    }
}

type Function = dyn Fn(&SamplingContext<'_>) -> f64 + Send + Sync;

/// How this service decides.
#[derive(Clone, Default)]
pub(crate) enum Sampler {
    /// Not at all: tracing without performance.
    #[default]
    Deferred,
    Fixed(SampleRate),
    Function(Arc<Function>),
}

// A sampler that panics leaves nothing of ours half done.
impl UnwindSafe for Sampler {}
impl RefUnwindSafe for Sampler {}

impl Sampler {
    /// The rate for this trace. A function's answer that is no rate is a decision against it.
    pub(crate) fn rate(&self, context: &SamplingContext<'_>) -> Option<SampleRate> {
        match self {
            Self::Deferred => None,
            Self::Fixed(rate) => Some(*rate),
            Self::Function(function) => {
                SampleRate::new(function(context)).or(Some(SampleRate::ZERO))
            }
        }
    }
}

impl fmt::Debug for Sampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deferred => f.write_str("Deferred"),
            Self::Fixed(rate) => write!(f, "Fixed({rate})"),
            Self::Function(_) => f.write_str("Function(…)"),
        }
    }
}
