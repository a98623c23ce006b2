//! How the Dynamic Sampling Context of a root span gets to the transport.

use std::sync::Arc;

use sentry::protocol::{Context, Event, Map, TraceContext, Value};
use sentry::{Scope, Transaction};

use crate::propagation::Baggage;
use crate::values::TraceValues;

/// The entry of a trace context in which a Dynamic Sampling Context travels to the transport.
const KEY: &str = "sentry_ssr.dsc";

type Contexts = Map<String, Context>;

/// Attaches the context of a root span to what is sent about it.
///
/// The context travels inside the transaction or event: there is no table that could grow, and the thread and
/// the hub that send it do not matter.
#[derive(Clone)]
pub(in crate::sdk) struct DscAttachment(Arc<TraceValues>);

impl DscAttachment {
    pub(in crate::sdk) fn new(values: &Arc<TraceValues>) -> Self {
        Self(Arc::clone(values))
    }

    /// Attaches the context to a transaction, as the last step before it is finished.
    pub(in crate::sdk) fn attach(&self, transaction: &Transaction) {
        transaction.set_data(KEY, self.value());
    }

    /// Attaches the context to every later event of this scope that belongs to the trace.
    pub(in crate::sdk) fn attach_to_events(&self, scope: &mut Scope) {
        let attachment = self.clone();
        scope.add_event_processor(move |mut event| {
            attachment.attach_to(&mut event);
            Some(event)
        });
    }

    /// Attaches the context to an event that belongs to the trace.
    pub(in crate::sdk) fn attach_to(&self, event: &mut Event<'_>) {
        let trace_id = self.0.sentry_trace().trace_id().into();
        let trace = trace_of(&mut event.contexts);
        if let Some(trace) = trace.filter(|trace| trace.trace_id == trace_id) {
            trace.data.insert(KEY.to_owned(), self.value());
        }
    }

    fn value(&self) -> Value {
        self.0.baggage().as_str().into()
    }
}

/// Detaches the context from what is about to be sent.
pub(super) fn detach(contexts: &mut Contexts) -> Option<Baggage> {
    match detach_value(contexts)? {
        Value::String(baggage) => Some(Baggage::from_wire(baggage)),
        _ => None,
    }
}

/// Detaches the context in a form that [`restore`] accepts.
pub(super) fn detach_value(contexts: &mut Contexts) -> Option<Value> {
    trace_of(contexts)?.data.remove(KEY)
}

/// Attaches what [`detach_value`] has returned.
pub(super) fn restore(contexts: &mut Contexts, value: Value) {
    if let Some(trace) = trace_of(contexts) {
        trace.data.insert(KEY.to_owned(), value);
    }
}

pub(super) fn is_attached(contexts: &Contexts) -> bool {
    matches!(contexts.get("trace"), Some(Context::Trace(trace)) if trace.data.contains_key(KEY))
}

fn trace_of(contexts: &mut Contexts) -> Option<&mut TraceContext> {
    match contexts.get_mut("trace")? {
        Context::Trace(trace) => Some(trace),
        _ => None,
    }
}
