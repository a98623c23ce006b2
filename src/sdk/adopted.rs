use std::sync::Arc;

use sentry::{Client, Hub, Scope, TransactionOrSpan};

use super::instrument::{self, DscAttachment};
use super::{thread_state, transaction};
use crate::name::{TransactionName, TransactionSource};
use crate::propagation::SentryTrace;
use crate::values::TraceValues;

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

    /// Renames it only by hand: whoever started it knows its route.
    pub(super) fn rename(&self, name: &TransactionName<'_>) {
        if name.source() == TransactionSource::Custom {
            transaction::with_text(*name, |name| self.span.set_name(name));
        }
    }

    /// Adds the context. Whoever started the span finishes it.
    pub(super) fn finish(&self) {
        let Some(attachment) = &self.attachment else {
            return;
        };
        if let TransactionOrSpan::Transaction(transaction) = &self.span {
            thread_state::silently(|| attachment.attach(transaction));
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
