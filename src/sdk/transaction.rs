//! The transaction that a root span starts: who decides about it, what it reports, and how it ends.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrayvec::ArrayString;
use sentry::protocol::{SpanStatus, Value};
use sentry::{
    Client, Hub, Scope, TracesSamplingStrategy, Transaction, TransactionContext, TransactionOrSpan,
};

use super::hub::{self, SILENT_HUB};
use super::instrument::{self, DscAttachment};
use super::request_data::RequestData;
use crate::name::{TransactionName, TransactionSource};
use crate::propagation::SentryTrace;
use crate::request::{Outcome, RequestInfo};
use crate::values::TraceValues;

const ORIGIN: &str = "auto.http.sentry_ssr";

/// Who decides about the transactions of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decider {
    /// No transaction is sent.
    Off,
    Us,
    /// The SDK, by a sampler function that it calls itself.
    Sdk,
}

impl Decider {
    pub(super) fn of(client: &Client) -> Self {
        let (strategy, is_instrumented) = match instrument::strategy_of(client) {
            Some(strategy) => (strategy, true),
            None => (instrument::uninstrumented_strategy_of(client), false),
        };
        match strategy {
            TracesSamplingStrategy::FixedRate(_) => Self::Us,
            TracesSamplingStrategy::Function(_) if is_instrumented => Self::Us,
            TracesSamplingStrategy::Function(_) => Self::Sdk,
            _ => Self::Off,
        }
    }

    /// Starts a transaction with the decision that is part of the values.
    pub(super) fn start(
        self,
        hub: &Hub,
        name: TransactionName<'_>,
        values: &TraceValues,
    ) -> Transaction {
        let mut context = transaction_context(name, values);
        if self == Self::Off {
            return SILENT_HUB.start_transaction(context);
        }
        // Without a decision of ours the SDK would make one.
        context.set_sampled(values.sentry_trace().sampled().unwrap_or(false));
        instrument::with_decision(|| hub.start_transaction(context))
    }
}

/// A transaction that was started for a root span.
pub(crate) struct StartedTransaction {
    hub: Arc<Hub>,
    transaction: Transaction,
    attachment: Option<DscAttachment>,
    is_sent: bool,
    is_finished: AtomicBool,
}

impl StartedTransaction {
    pub(super) fn new(
        hub: &Arc<Hub>,
        client: &Client,
        transaction: Transaction,
        values: &Arc<TraceValues>,
        decider: Decider,
    ) -> Self {
        Self {
            hub: Arc::clone(hub),
            transaction,
            attachment: instrument::attachment(client, values),
            is_sent: decider != Decider::Off && values.sentry_trace().sampled() == Some(true),
            is_finished: AtomicBool::new(false),
        }
    }

    /// Makes it the active span, and adds the request and the context to what is reported.
    pub(super) fn bind(
        &self,
        scope: &mut Scope,
        client: &Client,
        name: TransactionName<'_>,
        request: Option<RequestInfo<'_>>,
    ) {
        scope.set_span(Some(self.transaction.clone().into()));
        let pii = client.options().send_default_pii;
        let data = request.map(|request| RequestData::of(request, pii));
        if self.is_sent {
            self.transaction.set_origin(ORIGIN);
            self.set_source(name.source());
            if let Some((data, request)) = data.as_ref().zip(request) {
                data.describe(&self.transaction, request.speculation());
            }
        }
        self.describe_events(scope, data);
    }

    /// Adds the request and the context to the events of the scope in one processor: adding one copies the others.
    fn describe_events(&self, scope: &mut Scope, request: Option<RequestData>) {
        let attachment = self.attachment.clone();
        if request.is_none() && attachment.is_none() {
            return;
        }
        scope.add_event_processor(move |mut event| {
            if let Some(attachment) = &attachment {
                attachment.attach_to(&mut event);
            }
            if let Some(request) = &request {
                event.request.get_or_insert_with(|| request.to_sdk());
            }
            Some(event)
        });
    }

    pub(super) const fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    pub(super) const fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    pub(super) fn rename(&self, name: &TransactionName<'_>) {
        with_text(*name, |name| self.transaction.set_name(name));
        if self.is_sent {
            self.set_source(name.source());
        }
    }

    fn set_source(&self, source: TransactionSource) {
        let source = match source {
            TransactionSource::Custom => "custom",
            TransactionSource::Route => "route",
            TransactionSource::Url => "url",
        };
        // `Value::from` would format it.
        let source = Value::String(source.to_owned());
        self.transaction.set_data("sentry.source", source);
    }

    /// Finishes the transaction; does nothing from the second call on.
    pub(super) fn finish(&self, outcome: Option<Outcome>) {
        if self.is_finished.swap(true, Ordering::AcqRel) {
            return;
        }
        let transaction = self.transaction.clone();
        if self.is_sent {
            let (hub, attachment) = (Arc::clone(&self.hub), self.attachment.clone());
            hub::on_live_thread(move || send(&hub, transaction, attachment, outcome));
        } else {
            hub::silently(|| transaction.finish());
        }
    }

    /// Ends the transaction without sending it: the SDK drops one that is never finished.
    pub(super) fn discard(&self) {
        self.is_finished.store(true, Ordering::Release);
    }
}

impl Drop for StartedTransaction {
    fn drop(&mut self) {
        self.finish(None);
    }
}

fn send(
    hub: &Arc<Hub>,
    transaction: Transaction,
    attachment: Option<DscAttachment>,
    outcome: Option<Outcome>,
) {
    if let Some(outcome) = outcome {
        conclude(&transaction, outcome);
    }
    if let Some(attachment) = attachment {
        attachment.attach(&transaction);
    }
    Hub::run(Arc::clone(hub), || transaction.finish());
}

/// Records how the request ended. A status that the handler has set stays.
fn conclude(transaction: &Transaction, outcome: Outcome) {
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

fn transaction_context(name: TransactionName<'_>, values: &TraceValues) -> TransactionContext {
    let trace = values.sentry_trace();
    let parent = values.parent_span_id();
    let mut context = with_text(name, |text| {
        TransactionContext::new_with_details(
            text,
            name.op(),
            trace.trace_id().into(),
            Some(trace.span_id().into()),
            parent.map(Into::into),
        )
    });
    context.set_sampled(trace.sampled());
    context
}

/// What the span itself would send to the next service.
pub(super) fn trace_of(span: &TransactionOrSpan) -> Option<SentryTrace> {
    span.iter_headers()
        .find_map(|(_, value)| value.parse().ok())
}

/// Calls `f` with the printed name. A name of ordinary length needs no allocation.
pub(super) fn with_text<R>(name: TransactionName<'_>, f: impl FnOnce(&str) -> R) -> R {
    let mut text = ArrayString::<128>::new();
    match write!(text, "{name}") {
        Ok(()) => f(&text),
        Err(_) => f(&name.to_string()),
    }
}
