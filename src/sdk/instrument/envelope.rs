//! How the Dynamic Sampling Context of a root span gets into the `trace` header of an envelope: it is attached to the
//! transaction or event, and detached from it by the transport.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use memchr::memchr;
use sentry::protocol::{Context, EnvelopeItem, Event, Map, TraceContext, Value};
use sentry::{Envelope, Scope, Transaction};

use crate::dsc::DynamicSamplingContext;
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
        // `Value::from` would format it.
        Value::String(self.0.baggage().as_str().to_owned())
    }
}

/// Detaches the context from what is about to be sent.
fn detach_baggage(contexts: &mut Contexts) -> Option<Baggage> {
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

fn is_attached(contexts: &Contexts) -> bool {
    matches!(contexts.get("trace"), Some(Context::Trace(trace)) if trace.data.contains_key(KEY))
}

fn trace_of(contexts: &mut Contexts) -> Option<&mut TraceContext> {
    match contexts.get_mut("trace")? {
        Context::Trace(trace) => Some(trace),
        _ => None,
    }
}

/// Enough bytes for most envelopes.
const ROOM: usize = 2048;

/// An envelope, and the context for its `trace` header, detached from the items.
pub(super) struct EnvelopeWithDsc {
    pub(super) envelope: Envelope,
    context: Option<DynamicSamplingContext>,
}

impl EnvelopeWithDsc {
    pub(super) fn split(envelope: Envelope) -> Self {
        if !envelope.items().any(has_attachment) {
            return Self {
                envelope,
                context: None,
            };
        }
        // As in `Envelope::filter`, only the headers that the items set are kept.
        let mut stripped = Envelope::new();
        let mut context = None;
        for mut item in envelope.into_items() {
            context = context.or(detach(&mut item));
            stripped.add_item(item);
        }
        Self {
            envelope: stripped,
            context: context.map(DynamicSamplingContext::from),
        }
    }

    /// Whether there is a context, possibly an empty one.
    pub(super) const fn has_context(&self) -> bool {
        self.context.is_some()
    }

    pub(super) fn into_envelope(self) -> Envelope {
        self.envelope
    }

    /// The bytes to send, with every entry of the context in their `trace` header.
    pub(super) fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(ROOM);
        self.envelope.to_writer(&mut bytes)?;
        if let Some(context) = self.context_to_send() {
            insert_trace(&mut bytes, context)?;
        }
        Ok(bytes)
    }

    /// The same bytes as an envelope that the SDK does not parse.
    pub(super) fn into_raw(self) -> Envelope {
        let bytes = self.to_bytes().ok();
        let raw = bytes.and_then(|bytes| Envelope::from_bytes_raw(bytes).ok());
        raw.unwrap_or(self.envelope)
    }

    /// The envelope with those entries of the context in its headers that the SDK has a field for; none if the
    /// SDK rejects one of them.
    pub(super) fn into_typed(self) -> Envelope {
        let json = self.context_to_send().map(serde_json::to_value);
        let typed = json.and_then(|json| serde_json::from_value(json.ok()?).ok());
        let headers = self.envelope.headers().clone();
        self.envelope.with_headers(match typed {
            Some(trace) => headers.with_trace(trace),
            None => headers,
        })
    }

    fn context_to_send(&self) -> Option<&DynamicSamplingContext> {
        let context = self.context.as_ref();
        context.filter(|context| !context.as_baggage().is_empty())
    }
}

/// Adds the context to the first line of an envelope, a JSON object. Serializing all headers anew costs more than
/// all the rest of this file.
fn insert_trace(envelope: &mut Vec<u8>, context: &DynamicSamplingContext) -> io::Result<()> {
    let line = memchr(b'\n', envelope).unwrap_or(envelope.len());
    let rest = envelope.split_off(line.saturating_sub(1));
    if !envelope.ends_with(b"{") {
        envelope.push(b',');
    }
    envelope.extend_from_slice(br#""trace":{"#);
    for (at, (key, value)) in context.as_baggage().iter().enumerate() {
        if at > 0 {
            envelope.push(b',');
        }
        write_text(envelope, key)?;
        envelope.push(b':');
        write_text(envelope, value)?;
    }
    envelope.push(b'}');
    envelope.extend_from_slice(&rest);
    Ok(())
}

/// Writes a decoded text of a baggage as JSON. A borrowed text needed no decoding, so it has nothing that JSON
/// escapes: checking that again would take a tenth of the total time.
fn write_text(out: &mut Vec<u8>, text: Cow<'_, str>) -> io::Result<()> {
    match text {
        Cow::Borrowed(text) => {
            out.push(b'"');
            out.extend_from_slice(text.as_bytes());
            out.push(b'"');
        }
        Cow::Owned(text) => serde_json::to_writer(out, &text)?,
    }
    Ok(())
}

fn has_attachment(item: &EnvelopeItem) -> bool {
    match item {
        EnvelopeItem::Event(event) => is_attached(&event.contexts),
        EnvelopeItem::Transaction(transaction) => is_attached(&transaction.contexts),
        _ => false,
    }
}

fn detach(item: &mut EnvelopeItem) -> Option<Baggage> {
    match item {
        EnvelopeItem::Event(event) => detach_baggage(&mut event.contexts),
        EnvelopeItem::Transaction(transaction) => detach_baggage(&mut transaction.contexts),
        _ => None,
    }
}
