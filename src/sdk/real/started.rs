use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sentry::{Client, Hub, Scope, TracesSamplingStrategy, Transaction, TransactionContext};

use super::outcome::conclude;
use super::trace_of;
use crate::header::SentryTrace;
use crate::id::SpanId;
use crate::name::{TransactionName, TransactionSource};
use crate::outcome::Outcome;
use crate::sdk::instrument::{self, Carrier};
use crate::sdk::{Explanation, OP, RequestFacts, finish, request};

const ORIGIN: &str = "auto.http.sentry_ssr";

/// A transaction of ours.
pub(crate) struct Started {
    pub(super) hub: Arc<Hub>,
    pub(super) transaction: Transaction,
    pub(super) carrier: Option<Carrier>,
    /// The decision that the SDK goes by.
    pub(super) decided: Option<bool>,
    is_sent: bool,
    is_finished: AtomicBool,
}

/// Who decides about a transaction where no caller has.
enum Decider {
    /// It is off: nothing is sent, whatever is decided.
    Nobody,
    Us,
    /// It rolls dice of its own.
    TheSdk,
}

impl Decider {
    fn of(client: &Client) -> Self {
        let (strategy, is_instrumented) = match instrument::strategy_of(client) {
            Some(strategy) => (strategy, true),
            None => (instrument::missed_by(client), false),
        };
        match strategy {
            TracesSamplingStrategy::FixedRate(_) => Self::Us,
            TracesSamplingStrategy::Function(_) if is_instrumented => Self::Us,
            TracesSamplingStrategy::Function(_) => Self::TheSdk,
            _ => Self::Nobody,
        }
    }
}

impl Started {
    pub(super) fn new(
        hub: Arc<Hub>,
        client: &Client,
        name: &TransactionName<'_>,
        trace: SentryTrace,
        parent: Option<SpanId>,
    ) -> Self {
        let who = Decider::of(client);
        let ours = match (&who, trace.sampled()) {
            // Without a decision of ours the SDK would make one.
            (Decider::Us, None) => Some(false),
            (_, sampled) => sampled,
        };
        let transaction = hub.start_transaction(context(name, trace, parent, ours));
        let decided = match who {
            Decider::TheSdk => trace_of(&transaction.clone().into()).and_then(|it| it.sampled()),
            Decider::Us | Decider::Nobody => trace.sampled(),
        };
        let started = Self {
            hub,
            transaction,
            carrier: instrument::carrier(client),
            decided,
            is_sent: !matches!(who, Decider::Nobody) && decided == Some(true),
            is_finished: AtomicBool::new(false),
        };
        if started.is_sent {
            started.transaction.set_origin(ORIGIN);
        }
        started.set_source(name.source());
        started
    }

    /// Makes it the active one, and lets the request show in what is reported.
    pub(super) fn bind(
        &self,
        scope: &mut Scope,
        client: &Client,
        facts: Option<Arc<dyn RequestFacts>>,
    ) {
        scope.set_span(Some(self.transaction.clone().into()));
        if let Some(carrier) = &self.carrier {
            carrier.board_events(scope, self.transaction.get_trace_context().trace_id);
        }
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

    pub(super) fn rename(&self, name: &TransactionName<'_>) {
        self.transaction.set_name(&name.to_text());
        self.set_source(name.source());
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

    pub(super) fn finish(&self, outcome: Option<Outcome>, explanation: &impl Explanation) {
        if self.is_finished.swap(true, Ordering::AcqRel) {
            return;
        }
        if let Some(carrier) = &self.carrier {
            carrier.freeze(explanation);
        }
        let transaction = self.transaction.clone();
        if self.is_sent {
            let (hub, carrier) = (Arc::clone(&self.hub), self.carrier.clone());
            finish::on_live_thread(move || send(&hub, transaction, carrier, outcome));
        } else {
            finish::silently(|| transaction.finish());
        }
    }
}

fn send(
    hub: &Arc<Hub>,
    transaction: Transaction,
    carrier: Option<Carrier>,
    outcome: Option<Outcome>,
) {
    if let Some(outcome) = outcome {
        conclude(&transaction, outcome);
    }
    if let Some(carrier) = carrier {
        carrier.board(&transaction);
    }
    Hub::run(Arc::clone(hub), || transaction.finish());
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
        (*trace.trace_id().as_bytes()).into(),
        Some((*trace.span_id().as_bytes()).into()),
        parent.map(|id| (*id.as_bytes()).into()),
    );
    context.set_sampled(sampled);
    context
}
