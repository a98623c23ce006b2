use std::sync::Arc;

use sentry::protocol::{Context, Map, TraceContext, TraceId, Value};
use sentry::{Hub, Scope, Transaction};

use super::integration::strategy_of;
use crate::header::Baggage;
use crate::sdk::Explanation;

/// The entry of a trace context under which a Dynamic Sampling Context travels to the transport.
const KEY: &str = "sentry_ssr.dsc";

type Contexts = Map<String, Context>;

/// Gives the context of a root span to what is sent about it.
///
/// It travels inside of the transaction or event: so it needs no table that could grow, and neither
/// the thread nor the hub on which a thing is sent matters.
#[derive(Clone)]
pub(in crate::sdk) struct Carrier(Arc<dyn Explanation>);

impl Carrier {
    /// From now on the context goes with every event of this hub and trace, provided that the client
    /// is instrumented.
    pub(in crate::sdk) fn load(
        hub: &Hub,
        trace_id: TraceId,
        explanation: Arc<dyn Explanation>,
    ) -> Option<Self> {
        strategy_of(&*hub.client()?)?;
        let carrier = Self(explanation);
        hub.configure_scope(|scope| carrier.board_events(scope, trace_id));
        Some(carrier)
    }

    /// To be called last thing before a transaction is finished.
    pub(in crate::sdk) fn board(&self, transaction: &Transaction) {
        transaction.set_data(KEY, to_value(&*self.0));
    }

    fn board_events(&self, scope: &mut Scope, trace_id: TraceId) {
        let explanation = Arc::clone(&self.0);
        scope.add_event_processor(move |mut event| {
            let trace = trace_of(&mut event.contexts);
            if let Some(trace) = trace.filter(|trace| trace.trace_id == trace_id) {
                trace.data.insert(KEY.to_owned(), to_value(&*explanation));
            }
            Some(event)
        });
    }
}

/// Takes the context out of what is about to be sent.
pub(super) fn take(contexts: &mut Contexts) -> Option<Baggage> {
    match unload(contexts)? {
        Value::String(baggage) => baggage.parse().ok(),
        _ => None,
    }
}

/// Takes the context out for a moment: see [`load`].
pub(super) fn unload(contexts: &mut Contexts) -> Option<Value> {
    trace_of(contexts)?.data.remove(KEY)
}

/// Puts in again what [`unload`] took out.
pub(super) fn load(contexts: &mut Contexts, carried: Value) {
    if let Some(trace) = trace_of(contexts) {
        trace.data.insert(KEY.to_owned(), carried);
    }
}

pub(super) fn is_in(contexts: &Contexts) -> bool {
    matches!(contexts.get("trace"), Some(Context::Trace(trace)) if trace.data.contains_key(KEY))
}

fn trace_of(contexts: &mut Contexts) -> Option<&mut TraceContext> {
    match contexts.get_mut("trace")? {
        Context::Trace(trace) => Some(trace),
        _ => None,
    }
}

fn to_value(explanation: &dyn Explanation) -> Value {
    explanation.context().as_baggage().as_str().into()
}
