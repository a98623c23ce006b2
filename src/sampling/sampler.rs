//! The sampler of a service, and what a `traces_sampler` receives.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use http::{HeaderMap, Method};

use super::SampleRate;
use crate::id::TraceId;
use crate::name::TransactionName;
use crate::propagation::IncomingTrace;
use crate::request::RequestInfo;

/// What a `traces_sampler` knows about the trace whose rate it returns.
///
/// ```
/// use sentry_ssr::TraceOptions;
///
/// let options = TraceOptions::new().traces_sampler(|context| match context.path() {
///     Some("/health") => 0.0,
///     _ => context.inherit_or_sample_with(0.25),
/// });
/// # let _ = options;
/// ```
///
/// Source: <https://develop.sentry.dev/sdk/telemetry/traces/#sampling-context>
#[derive(Debug, Clone, Copy)]
pub struct SamplingContext<'a> {
    name: TransactionName<'a>,
    trace_id: TraceId,
    incoming: Option<&'a IncomingTrace>,
    request: Option<RequestInfo<'a>>,
}

impl<'a> SamplingContext<'a> {
    pub(crate) const fn new(
        name: TransactionName<'a>,
        trace_id: TraceId,
        incoming: Option<&'a IncomingTrace>,
        request: Option<RequestInfo<'a>>,
    ) -> Self {
        Self {
            name,
            trace_id,
            incoming,
            request,
        }
    }

    /// The current name of the root span, such as `GET /users/{id}`.
    pub const fn name(&self) -> TransactionName<'a> {
        self.name
    }

    /// The operation of the root span, such as `http.server`.
    #[must_use]
    pub const fn op(&self) -> &'a str {
        self.name.op()
    }

    /// The id of the trace.
    pub const fn trace_id(&self) -> TraceId {
        self.trace_id
    }

    /// Whether the trace is continued from a caller.
    #[must_use]
    pub const fn is_continued(&self) -> bool {
        self.incoming.is_some()
    }

    /// The caller's decision; `None` if there is no caller, or the caller deferred the decision.
    #[must_use]
    pub fn parent_sampled(&self) -> Option<bool> {
        self.incoming?.sentry_trace().sampled()
    }

    /// The rate of the caller's decision, if the caller sent a valid one.
    #[must_use]
    pub fn parent_sample_rate(&self) -> Option<SampleRate> {
        self.incoming?.sample_rate().parse().ok()
    }

    /// The request's method; `None` if the span was started without a request.
    #[must_use]
    pub fn method(&self) -> Option<&'a Method> {
        Some(self.request?.method)
    }

    /// The path of the request's URL; `None` if the span was started without a request.
    #[must_use]
    pub fn path(&self) -> Option<&'a str> {
        Some(self.request?.uri.path())
    }

    /// The request's headers; `None` if the span was started without a request.
    #[must_use]
    pub fn headers(&self) -> Option<&'a HeaderMap> {
        Some(self.request?.headers)
    }

    /// A rate that keeps the caller's decision; `rate` if there is none.
    ///
    /// If the caller sent no rate, this returns 1 for a sampled trace and 0 for an unsampled one.
    #[must_use]
    pub fn inherit_or_sample_with(&self, rate: f64) -> f64 {
        match (self.parent_sampled(), self.parent_sample_rate()) {
            (Some(_), Some(parent_rate)) => parent_rate.get(),
            (Some(sampled), None) => f64::from(u8::from(sampled)),
            (None, _) => rate,
        }
    }

    pub(crate) const fn incoming(&self) -> Option<&'a IncomingTrace> {
        self.incoming
    }
}

type Function = dyn Fn(&SamplingContext<'_>) -> f64 + Send + Sync;

/// How this service decides.
#[derive(Clone, Default)]
pub(crate) enum Sampler {
    /// It does not decide: the service traces without performance data.
    #[default]
    Deferred,
    Fixed(SampleRate),
    Function(Arc<Function>),
}

// A sampler that panics leaves none of our state half-changed.
impl UnwindSafe for Sampler {}
impl RefUnwindSafe for Sampler {}

impl Sampler {
    /// The rate for this trace. If a function returns no valid rate, the trace is not sampled.
    #[inline]
    pub(crate) fn rate(&self, context: &SamplingContext<'_>) -> Option<SampleRate> {
        match self {
            Self::Deferred => None,
            Self::Fixed(rate) => Some(*rate),
            Self::Function(function) => {
                SampleRate::new(function(context)).or(Some(SampleRate::ZERO))
            }
        }
    }

    /// Whether its rate counts more than the decision of a caller.
    pub(crate) const fn outranks_caller(&self) -> bool {
        matches!(self, Self::Function(_))
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
