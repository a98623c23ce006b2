use std::borrow::Cow;
use std::io;

use memchr::memchr;
use sentry::Envelope;
use sentry::protocol::EnvelopeItem;

use super::attachment;
use crate::dsc::DynamicSamplingContext;
use crate::propagation::Baggage;

/// The bytes that most envelopes have room in.
const ROOM: usize = 2048;

/// An envelope, and the context for its `trace` header, detached from the items.
pub(super) struct EnvelopeWithDsc {
    envelope: Envelope,
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

    #[cfg(any(feature = "reqwest", feature = "ureq"))]
    pub(super) const fn envelope(&self) -> &Envelope {
        &self.envelope
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

    /// The envelope with those entries of the context in its headers that the SDK has a field for; none where
    /// the SDK rejects one of them.
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

/// Writes a decoded text of a baggage as JSON. A borrowed one is as it was encoded, without anything that JSON
/// escapes: finding that out anew would take a tenth of the whole.
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
        EnvelopeItem::Event(event) => attachment::is_attached(&event.contexts),
        EnvelopeItem::Transaction(transaction) => attachment::is_attached(&transaction.contexts),
        _ => false,
    }
}

fn detach(item: &mut EnvelopeItem) -> Option<Baggage> {
    match item {
        EnvelopeItem::Event(event) => attachment::detach(&mut event.contexts),
        EnvelopeItem::Transaction(transaction) => attachment::detach(&mut transaction.contexts),
        _ => None,
    }
}
