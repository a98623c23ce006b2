use std::sync::{Arc, OnceLock, Weak};

use sentry::protocol::{Context, Map, TraceContext, TraceId, Value};
use sentry::{Scope, Transaction};

use crate::header::Baggage;
use crate::sdk::Explanation;

/// The entry of a trace context under which a Dynamic Sampling Context travels to the transport.
const KEY: &str = "sentry_ssr.dsc";

type Contexts = Map<String, Context>;

/// Gives the context of a root span to what is sent about it.
///
/// It travels inside of the transaction or event: so it needs no table that could grow, and neither
/// the thread nor the hub on which a thing is sent matters.
#[derive(Clone, Default)]
pub(in crate::sdk) struct Carrier(Arc<Source>);

/// Where the context is had from.
#[derive(Default)]
struct Source {
    /// The root span, whose context may not be frozen yet. Not held: it holds the hub, whose scope
    /// holds this.
    root_span: OnceLock<Weak<dyn Explanation>>,
    /// The context as the root span left it, for what is reported after its end.
    frozen: OnceLock<String>,
}

impl Carrier {
    /// The context is that of this root span.
    pub(in crate::sdk) fn explain_by(&self, explanation: &Arc<impl Explanation + 'static>) {
        let root_span = Arc::downgrade(explanation);
        let _first = self.0.root_span.set(root_span);
    }

    /// Keeps the context beyond the root span: the first thing to be done at its end.
    pub(in crate::sdk) fn freeze(&self, explanation: &impl Explanation) {
        self.0.frozen.get_or_init(|| text(explanation));
    }

    /// To be called last thing before a transaction is finished.
    pub(in crate::sdk) fn board(&self, transaction: &Transaction) {
        if let Some(value) = self.value() {
            transaction.set_data(KEY, value);
        }
    }

    /// From now on the context goes with every event of this scope and trace.
    pub(in crate::sdk) fn board_events(&self, scope: &mut Scope, trace_id: TraceId) {
        let carrier = self.clone();
        scope.add_event_processor(move |mut event| {
            let trace = trace_of(&mut event.contexts);
            if let Some(trace) = trace.filter(|trace| trace.trace_id == trace_id) {
                let value = carrier.value();
                trace
                    .data
                    .extend(value.map(|value| (KEY.to_owned(), value)));
            }
            Some(event)
        });
    }

    fn value(&self) -> Option<Value> {
        let Source { root_span, frozen } = &*self.0;
        if let Some(frozen) = frozen.get() {
            return Some(frozen.as_str().into());
        }
        match root_span.get()?.upgrade() {
            Some(root_span) => Some(text(&*root_span).into()),
            // Its end has begun, on another thread.
            None => Some(frozen.wait().as_str().into()),
        }
    }
}

fn text(explanation: &(impl Explanation + ?Sized)) -> String {
    explanation.context().as_baggage().as_str().to_owned()
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
