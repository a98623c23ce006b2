//! The bridge where there is an SDK.

mod adopted;
mod hub;
mod outcome;
mod started;

use std::sync::Arc;

use sentry::{Hub, TransactionOrSpan};

use self::adopted::Adopted;
pub(crate) use self::hub::RequestHub;
use self::started::Started;
use super::instrument::Carrier;
use super::{Explanation, finish};
use crate::header::SentryTrace;
use crate::name::TransactionName;
use crate::outcome::Outcome;

/// What reports a root span to Sentry.
#[derive(Default)]
pub(crate) enum Recorder {
    /// No client is bound.
    #[default]
    Off,
    /// Somebody else's span: they finish it.
    Adopted(Adopted),
    Started(Started),
}

impl Recorder {
    /// The span that was active already, where it was adopted.
    pub(crate) fn adopted(&self) -> Option<SentryTrace> {
        match self {
            Self::Adopted(adopted) => adopted.trace(),
            _ => None,
        }
    }

    /// The decision that counts: ours, unless the SDK insists on another one.
    pub(crate) fn overruling(&self, ours: Option<bool>) -> Option<bool> {
        match self {
            Self::Started(started) => started.decided,
            _ => ours,
        }
    }

    /// Lets `explanation` go with what is sent about this span, where the client can carry it.
    pub(crate) fn explain_by(&self, explanation: &Arc<impl Explanation + 'static>) {
        if let Some(carrier) = self.carrier() {
            carrier.explain_by(explanation);
        }
    }

    fn carrier(&self) -> Option<&Carrier> {
        match self {
            Self::Off => None,
            Self::Adopted(adopted) => adopted.carrier.as_ref(),
            Self::Started(started) => started.carrier.as_ref(),
        }
    }

    pub(crate) fn rename(&self, name: &TransactionName<'_>) {
        match self {
            Self::Off => {}
            Self::Adopted(adopted) => adopted.rename(name),
            Self::Started(started) => started.rename(name),
        }
    }

    /// The SDK's own span.
    pub(crate) fn span(&self) -> Option<TransactionOrSpan> {
        match self {
            Self::Off => None,
            Self::Adopted(adopted) => Some(adopted.span.clone()),
            Self::Started(started) => Some(started.transaction.clone().into()),
        }
    }

    /// Runs `f` with the request's hub as the current one. Not for destructors.
    pub(crate) fn run<R>(&self, f: impl FnOnce() -> R) -> R {
        match self.hub() {
            Some(hub) if finish::see_this_thread() => Hub::run(Arc::clone(hub), f),
            _ => f(),
        }
    }

    /// The same for destructors, which may run on a thread that is being torn down: there `f` runs
    /// without the hub.
    pub(crate) fn run_dropping(&self, f: impl FnOnce()) {
        match self.hub() {
            Some(hub) if finish::is_live() => Hub::run(Arc::clone(hub), f),
            _ => f(),
        }
    }

    fn hub(&self) -> Option<&Arc<Hub>> {
        match self {
            Self::Off => None,
            Self::Adopted(adopted) => Some(&adopted.hub),
            Self::Started(started) => Some(&started.hub),
        }
    }

    /// Finishes the transaction; from the second time on this does nothing.
    pub(crate) fn finish(&self, outcome: Option<Outcome>, explanation: &impl Explanation) {
        match self {
            Self::Off => {}
            Self::Adopted(adopted) => adopted.finish(explanation),
            Self::Started(started) => started.finish(outcome, explanation),
        }
    }
}

/// What the span itself would send to the next service.
fn trace_of(span: &TransactionOrSpan) -> Option<SentryTrace> {
    span.iter_headers()
        .find_map(|(_, value)| value.parse().ok())
}
