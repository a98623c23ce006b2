//! What reports a root span to Sentry: a transaction that it started, or a span that it adopted.

use std::sync::Arc;

use sentry::{Client, Hub, Scope, TransactionOrSpan};

use super::hub::{self, TaskHub};
use super::instrument::{self, DscAttachment};
use super::transaction::{self, StartedTransaction};
use crate::name::{TransactionName, TransactionSource};
use crate::propagation::SentryTrace;
use crate::request::Outcome;
use crate::values::TraceValues;

/// What reports a root span to Sentry.
#[derive(Clone)]
pub(crate) enum SdkSpan {
    /// No client is bound.
    Off,
    /// A span that other code started, and finishes.
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

    /// Ends a started transaction without sending it; does nothing after [`finish`](Self::finish). An adopted span is
    /// sent by the code that started it.
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

/// A span that was active before the root span started, and takes its place.
pub(crate) struct AdoptedSpan {
    hub: Arc<Hub>,
    span: TransactionOrSpan,
    is_instrumented: bool,
    attachment: Option<DscAttachment>,
}

impl AdoptedSpan {
    /// The active span of the request's scope, if there is one.
    pub(super) fn find(hub: &Arc<Hub>, client: &Client, scope: &Scope) -> Option<Self> {
        let span = scope.get_span().filter(|span| !is_of_process(span))?;
        Some(Self {
            hub: Arc::clone(hub),
            span,
            is_instrumented: instrument::strategy_of(client).is_some(),
            attachment: None,
        })
    }

    /// The same span, whose events and transaction show the context of these values.
    pub(super) fn with_values(mut self, scope: &mut Scope, values: &Arc<TraceValues>) -> Self {
        if self.is_instrumented {
            let attachment = DscAttachment::new(values);
            attachment.attach_to_events(scope);
            self.attachment = Some(attachment);
        }
        self
    }

    pub(super) fn trace(&self) -> Option<SentryTrace> {
        transaction::trace_of(&self.span)
    }

    pub(super) const fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    pub(super) const fn span(&self) -> &TransactionOrSpan {
        &self.span
    }

    /// Only a name set by hand counts: the code that started the span knows its route.
    pub(super) fn rename(&self, name: &TransactionName<'_>) {
        if name.source() == TransactionSource::Custom {
            transaction::with_text(*name, |name| self.span.set_name(name));
        }
    }

    /// Adds the context. The code that started the span finishes it.
    pub(super) fn finish(&self) {
        let Some(attachment) = &self.attachment else {
            return;
        };
        if let TransactionOrSpan::Transaction(transaction) = &self.span {
            hub::silently(|| attachment.attach(transaction));
        }
    }
}

impl Drop for AdoptedSpan {
    fn drop(&mut self) {
        self.finish();
    }
}

/// Whether this span belongs to the whole process, whose scope every thread's scope is created from.
fn is_of_process(span: &TransactionOrSpan) -> bool {
    Hub::new_from_top(Hub::main()).configure_scope(|scope| scope.get_span().as_ref() == Some(span))
}
