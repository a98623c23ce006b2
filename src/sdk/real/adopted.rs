use std::sync::Arc;

use sentry::{Client, Hub, Scope, TransactionOrSpan};

use super::trace_of;
use crate::header::SentryTrace;
use crate::name::{TransactionName, TransactionSource};
use crate::sdk::instrument::{self, Carrier};
use crate::sdk::{Explanation, finish};

/// A span that was active before ours began: it stands in its place.
pub(crate) struct Adopted {
    pub(super) hub: Arc<Hub>,
    pub(super) span: TransactionOrSpan,
    pub(super) carrier: Option<Carrier>,
}

impl Adopted {
    /// The span that is active on the request's scope, if there is one.
    pub(super) fn of(hub: &Arc<Hub>, client: &Client, scope: &mut Scope) -> Option<Self> {
        let span = scope.get_span().filter(|span| !is_of_process(span))?;
        let carrier = instrument::carrier(client);
        if let Some(carrier) = &carrier {
            carrier.board_events(scope, span.get_trace_context().trace_id);
        }
        let hub = Arc::clone(hub);
        Some(Self { hub, span, carrier })
    }

    pub(super) fn trace(&self) -> Option<SentryTrace> {
        trace_of(&self.span)
    }

    /// Their name for it stands, unless one was set by hand.
    pub(super) fn rename(&self, name: &TransactionName<'_>) {
        if name.source() == TransactionSource::Custom {
            self.span.set_name(&name.to_text());
        }
    }

    /// They finish it; all it gets is its context.
    pub(super) fn finish(&self, explanation: &impl Explanation) {
        let Some(carrier) = &self.carrier else { return };
        carrier.freeze(explanation);
        if let TransactionOrSpan::Transaction(transaction) = &self.span {
            finish::silently(|| carrier.board(transaction));
        }
    }
}

/// Whether this span is around the whole process, whose scope every thread's scope is made from.
fn is_of_process(span: &TransactionOrSpan) -> bool {
    Hub::new_from_top(Hub::main()).configure_scope(|scope| scope.get_span().as_ref() == Some(span))
}
