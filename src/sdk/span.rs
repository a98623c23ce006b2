//! What reports a root span to Sentry, and the hubs that its code runs under.

use std::fmt;
use std::sync::Arc;

use sentry::{Hub, TransactionOrSpan};

use super::adopted::AdoptedSpan;
use super::thread_state;
use super::transaction::StartedTransaction;
use crate::name::TransactionName;
use crate::request::Outcome;

/// What reports a root span to Sentry.
#[derive(Clone)]
pub(crate) enum SdkSpan {
    /// No client is bound.
    Off,
    /// A span that somebody else started, and finishes.
    Adopted(Arc<AdoptedSpan>),
    Started(Arc<StartedTransaction>),
}

impl SdkSpan {
    pub(crate) fn rename(&self, name: &TransactionName<'_>) {
        match self {
            Self::Off => {}
            Self::Adopted(adopted) => adopted.rename(name),
            Self::Started(started) => started.rename(name),
        }
    }

    /// The SDK's own span.
    pub(crate) fn get(&self) -> Option<TransactionOrSpan> {
        match self {
            Self::Off => None,
            Self::Adopted(adopted) => Some(adopted.span().clone()),
            Self::Started(started) => Some(started.transaction().clone().into()),
        }
    }

    fn hub(&self) -> Option<&Arc<Hub>> {
        match self {
            Self::Off => None,
            Self::Adopted(adopted) => Some(adopted.hub()),
            Self::Started(started) => Some(started.hub()),
        }
    }

    /// The hub of the request, for the one task that handles it.
    pub(crate) fn request_hub(&self) -> TaskHub {
        TaskHub(self.hub().cloned())
    }

    /// A new hub, created from that of the request, for another task: two tasks on one hub would pop each
    /// other's scopes.
    pub(crate) fn task_hub(&self) -> TaskHub {
        TaskHub(self.hub().map(|hub| Arc::new(Hub::new_from_top(hub))))
    }

    /// Ends the transaction without sending it; does nothing after [`finish`](Self::finish).
    pub(crate) fn discard(&self) {
        match self {
            Self::Off => {}
            Self::Adopted(adopted) => adopted.finish(),
            Self::Started(started) => started.discard(),
        }
    }

    /// Finishes the transaction; does nothing from the second call on.
    pub(crate) fn finish(&self, outcome: Outcome) {
        match self {
            Self::Off => {}
            Self::Adopted(adopted) => adopted.finish(),
            Self::Started(started) => started.finish(Some(outcome)),
        }
    }
}

/// The hub that a task runs under.
#[derive(Clone)]
pub(crate) struct TaskHub(Option<Arc<Hub>>);

impl TaskHub {
    pub(crate) const NONE: Self = Self(None);

    /// Runs `f` with this hub as the current one. Not for destructors.
    pub(crate) fn run<R>(&self, f: impl FnOnce() -> R) -> R {
        match &self.0 {
            Some(hub) if thread_state::register() => Hub::run(Arc::clone(hub), f),
            _ => f(),
        }
    }

    /// The same for destructors. A thread that is being torn down runs `f` without the hub.
    pub(crate) fn run_in_drop(&self, f: impl FnOnce()) {
        match &self.0 {
            Some(hub) if thread_state::is_live() => Hub::run(Arc::clone(hub), f),
            _ => f(),
        }
    }
}

impl fmt::Debug for TaskHub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TaskHub")
    }
}
