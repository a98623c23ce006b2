use std::sync::Arc;

use super::{Explanation, RequestFacts};
use crate::header::SentryTrace;
use crate::id::SpanId;
use crate::name::TransactionName;
use crate::options::TraceOptions;
use crate::outcome::Outcome;

/// The hub of one request: none.
pub(crate) struct RequestHub;

/// What reports a root span to Sentry: nothing.
pub(crate) struct Recorder;

impl RequestHub {
    pub(crate) fn fresh() -> Self {
        Self
    }

    pub(crate) fn options(&self) -> Option<Arc<TraceOptions>> {
        None
    }

    pub(crate) fn record(
        self,
        _: &TransactionName<'_>,
        _: SentryTrace,
        _: Option<SpanId>,
        _: impl FnOnce() -> Option<Arc<dyn RequestFacts>>,
    ) -> Recorder {
        Recorder
    }
}

impl Recorder {
    pub(crate) fn adopted(&self) -> Option<SentryTrace> {
        None
    }

    pub(crate) fn overruling(&self, ours: Option<bool>) -> Option<bool> {
        ours
    }

    pub(crate) fn explain_by(&self, _: &Arc<impl Explanation + 'static>) {}

    pub(crate) fn rename(&self, _: &TransactionName<'_>) {}

    pub(crate) fn run<R>(&self, f: impl FnOnce() -> R) -> R {
        f()
    }

    pub(crate) fn run_dropping(&self, f: impl FnOnce()) {
        f();
    }

    pub(crate) fn finish(&self, _: Option<Outcome>, _: &impl Explanation) {}
}
