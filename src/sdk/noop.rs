//! The bridge without an SDK.
#![expect(clippy::unused_self, reason = "it has the shape of the real bridge")]

use std::marker::PhantomData;
use std::sync::Arc;

use crate::id::SpanId;
use crate::name::TransactionName;
use crate::options::TraceOptions;
use crate::propagation::SentryTrace;
use crate::request::{Outcome, RequestInfo};
use crate::sampling::{SamplingContext, SdkDecision};
use crate::values::TraceValues;

/// The hub of one request.
pub(crate) struct RequestHub;

/// The scope of a request's hub while its root span starts.
pub(crate) struct RequestScope<'a>(PhantomData<&'a ()>);

/// What reports a root span to Sentry.
#[derive(Clone)]
pub(crate) struct SdkSpan;

/// The hub that a task runs under.
#[derive(Clone)]
pub(crate) struct TaskHub;

impl RequestHub {
    pub(crate) const fn from_current() -> Self {
        Self
    }

    pub(crate) const fn without_active_span(self) -> Self {
        self
    }

    pub(crate) const fn options(&self) -> Option<Arc<TraceOptions>> {
        None
    }

    pub(crate) fn with_scope<R>(self, mut f: impl FnMut(RequestScope<'_>) -> R) -> R {
        f(RequestScope(PhantomData))
    }
}

impl RequestScope<'_> {
    pub(crate) const fn active_trace(&self) -> Option<SentryTrace> {
        None
    }

    pub(crate) const fn decide(
        &mut self,
        _: &SamplingContext<'_>,
        _: SpanId,
    ) -> Option<SdkDecision> {
        None
    }

    pub(crate) fn start(
        self,
        _: TransactionName<'_>,
        _: Option<RequestInfo<'_>>,
        _: &Arc<TraceValues>,
        _: bool,
    ) -> SdkSpan {
        SdkSpan
    }
}

impl SdkSpan {
    pub(crate) const fn rename(&self, _: &TransactionName<'_>) {}

    pub(crate) const fn request_hub(&self) -> TaskHub {
        TaskHub
    }

    pub(crate) const fn task_hub(&self) -> TaskHub {
        TaskHub
    }

    pub(crate) const fn finish(&self, _: Outcome) {}

    pub(crate) const fn discard(&self) {}
}

impl TaskHub {
    pub(crate) const NONE: Self = Self;

    pub(crate) fn run<R>(self, f: impl FnOnce() -> R) -> R {
        f()
    }

    pub(crate) fn run_in_drop(self, f: impl FnOnce()) {
        f();
    }
}
