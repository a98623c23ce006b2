use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sentry::protocol::{self, SpanStatus};
use sentry::{
    Client, Hub, Scope, TracesSamplingStrategy, Transaction, TransactionContext, TransactionOrSpan,
};

use super::instrument::{self, Carrier};
use super::{Explanation, RequestFacts, finish, options, request};
use crate::header::SentryTrace;
use crate::id::{SpanId, TraceId};
use crate::name::{TransactionName, TransactionSource};
use crate::options::TraceOptions;
use crate::outcome::Outcome;

pub(super) const OP: &str = "http.server";
const ORIGIN: &str = "auto.http.sentry_ssr";

/// The hub of one request and its client, where one is bound.
pub(crate) struct RequestHub(Option<(Arc<Hub>, Arc<Client>)>);

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

pub(crate) struct Adopted {
    hub: Arc<Hub>,
    span: TransactionOrSpan,
    carrier: Option<Carrier>,
}

pub(crate) struct Started {
    hub: Arc<Hub>,
    transaction: Transaction,
    decided: Option<bool>,
    is_sent: bool,
    is_finished: AtomicBool,
    carrier: Option<Carrier>,
}

impl RequestHub {
    /// A hub made from the current one, or from the main one where this thread's hub is older than
    /// the client.
    pub(crate) fn fresh() -> Self {
        let with_client = |hub: Arc<Hub>| hub.client().map(|client| (hub, client));
        let parent = with_client(Hub::current()).or_else(|| with_client(Hub::main()));
        Self(parent.map(|(parent, client)| {
            finish::see_this_thread();
            (Arc::new(Hub::new_from_top(parent)), client)
        }))
    }

    pub(crate) fn options(&self) -> Option<Arc<TraceOptions>> {
        let (_, client) = self.0.as_ref()?;
        Some(options::of_client(client))
    }

    /// Starts a transaction for the span that `trace` names, or adopts the one that is active.
    pub(crate) fn record(
        self,
        name: &TransactionName<'_>,
        trace: SentryTrace,
        parent: Option<SpanId>,
        facts: impl FnOnce() -> Option<Arc<dyn RequestFacts>>,
    ) -> Recorder {
        let Some((hub, client)) = self.0 else {
            return Recorder::Off;
        };
        hub.configure_scope(|scope| {
            let carrier = Carrier::of(&client);
            if let Some(span) = scope.get_span().filter(|span| !is_of_process(span)) {
                if let Some(carrier) = &carrier {
                    carrier.board_events(scope, span.get_trace_context().trace_id);
                }
                let hub = Arc::clone(&hub);
                return Recorder::Adopted(Adopted { hub, span, carrier });
            }
            let started = Started::new(Arc::clone(&hub), &client, name, trace, parent);
            started.bind(scope, &client, facts());
            if let Some(carrier) = &carrier {
                carrier.board_events(scope, of_ours(trace.trace_id()));
            }
            Recorder::Started(Started { carrier, ..started })
        })
    }
}

impl Started {
    fn new(
        hub: Arc<Hub>,
        client: &Client,
        name: &TransactionName<'_>,
        trace: SentryTrace,
        parent: Option<SpanId>,
    ) -> Self {
        let (strategy, is_instrumented) = match instrument::strategy_of(client) {
            Some(strategy) => (strategy, true),
            None => (instrument::missed_by(client), false),
        };
        let (is_on, rolls_dice) = match strategy {
            TracesSamplingStrategy::FixedRate(_) => (true, false),
            TracesSamplingStrategy::Function(_) => (true, !is_instrumented),
            _ => (false, false),
        };
        let ours = match trace.sampled() {
            // Without a decision of ours the SDK would make one.
            None if is_on && !rolls_dice => Some(false),
            sampled => sampled,
        };
        let transaction = hub.start_transaction(context(name, trace, parent, ours));
        let decided = if rolls_dice {
            trace_of(&transaction.clone().into()).and_then(|trace| trace.sampled())
        } else {
            trace.sampled()
        };
        let started = Self {
            hub,
            transaction,
            decided,
            is_sent: is_on && decided == Some(true),
            is_finished: AtomicBool::new(false),
            carrier: None,
        };
        if started.is_sent {
            started.transaction.set_origin(ORIGIN);
        }
        started.set_source(name.source());
        started
    }

    fn bind(&self, scope: &mut Scope, client: &Client, facts: Option<Arc<dyn RequestFacts>>) {
        scope.set_span(Some(self.transaction.clone().into()));
        let Some(facts) = facts else { return };
        let pii = client.options().send_default_pii;
        if self.is_sent {
            self.transaction.set_request(request::of(&*facts, pii));
        }
        scope.add_event_processor(move |mut event| {
            event
                .request
                .get_or_insert_with(|| request::of(&*facts, pii));
            Some(event)
        });
    }

    fn set_source(&self, source: TransactionSource) {
        if self.is_sent {
            let source = match source {
                TransactionSource::Custom => "custom",
                TransactionSource::Route => "route",
                TransactionSource::Url => "url",
            };
            self.transaction.set_data("sentry.source", source.into());
        }
    }

    fn finish(&self, outcome: Option<Outcome>, explanation: &impl Explanation) {
        if self.is_finished.swap(true, Ordering::AcqRel) {
            return;
        }
        if let Some(carrier) = &self.carrier {
            carrier.settle(explanation);
        }
        let transaction = self.transaction.clone();
        if self.is_sent {
            let hub = Arc::clone(&self.hub);
            let carrier = self.carrier.clone();
            finish::on_live_thread(move || {
                conclude(&transaction, outcome);
                if let Some(carrier) = carrier {
                    carrier.board(&transaction);
                }
                Hub::run(hub, || transaction.finish());
            });
        } else {
            transaction.finish();
        }
    }
}

impl Adopted {
    /// Their name for it stands, unless one was set by hand.
    fn rename(&self, name: &TransactionName<'_>) {
        if name.source() == TransactionSource::Custom {
            self.span.set_name(&name.to_text());
        }
    }

    /// They finish it; all it gets is its context.
    fn finish(&self, explanation: &impl Explanation) {
        let Some(carrier) = &self.carrier else { return };
        carrier.settle(explanation);
        if let TransactionOrSpan::Transaction(transaction) = &self.span {
            carrier.board(transaction);
        }
    }
}

impl Recorder {
    /// The span that was active already, where it was adopted.
    pub(crate) fn adopted(&self) -> Option<SentryTrace> {
        match self {
            Self::Adopted(adopted) => trace_of(&adopted.span),
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
        let carrier = match self {
            Self::Off => return,
            Self::Adopted(adopted) => &adopted.carrier,
            Self::Started(started) => &started.carrier,
        };
        if let Some(carrier) = carrier {
            carrier.ask(explanation);
        }
    }

    pub(crate) fn rename(&self, name: &TransactionName<'_>) {
        match self {
            Self::Off => {}
            Self::Adopted(adopted) => adopted.rename(name),
            Self::Started(started) => {
                started.transaction.set_name(&name.to_text());
                started.set_source(name.source());
            }
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

/// Whether this span is around the whole process, whose scope every thread's scope is made from.
fn is_of_process(span: &TransactionOrSpan) -> bool {
    Hub::new_from_top(Hub::main()).configure_scope(|scope| scope.get_span().as_ref() == Some(span))
}

fn context(
    name: &TransactionName<'_>,
    trace: SentryTrace,
    parent: Option<SpanId>,
    sampled: Option<bool>,
) -> TransactionContext {
    let mut context = TransactionContext::new_with_details(
        &name.to_text(),
        OP,
        of_ours(trace.trace_id()),
        Some((*trace.span_id().as_bytes()).into()),
        parent.map(|id| (*id.as_bytes()).into()),
    );
    context.set_sampled(sampled);
    context
}

fn of_ours(trace_id: TraceId) -> protocol::TraceId {
    (*trace_id.as_bytes()).into()
}

/// What the span itself would send to the next service.
fn trace_of(span: &TransactionOrSpan) -> Option<SentryTrace> {
    span.iter_headers()
        .find_map(|(_, value)| value.parse().ok())
}

/// Tells how the request ended; a status that the handler has set counts more.
fn conclude(transaction: &Transaction, outcome: Option<Outcome>) {
    let Some(outcome) = outcome else { return };
    if let Outcome::Status(status) = outcome {
        transaction.set_data("http.response.status_code", status.into());
    }
    if transaction.get_status().is_none() {
        transaction.set_status(match outcome {
            Outcome::Status(status) => of_http(status),
            Outcome::Failed | Outcome::Panicked => SpanStatus::InternalError,
            Outcome::Cancelled => SpanStatus::Cancelled,
        });
    }
}

/// <https://develop.sentry.dev/sdk/data-model/event-payloads/span/#span-status>
fn of_http(status: u16) -> SpanStatus {
    match status {
        401 => SpanStatus::Unauthenticated,
        403 => SpanStatus::PermissionDenied,
        404 => SpanStatus::NotFound,
        409 => SpanStatus::AlreadyExists,
        429 => SpanStatus::ResourceExhausted,
        499 => SpanStatus::Cancelled,
        400..500 => SpanStatus::InvalidArgument,
        501 => SpanStatus::Unimplemented,
        503 => SpanStatus::Unavailable,
        504 => SpanStatus::DeadlineExceeded,
        500..600 => SpanStatus::InternalError,
        _ => SpanStatus::Ok,
    }
}
