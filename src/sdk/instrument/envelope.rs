use std::io;

use sentry::Envelope;
use sentry::protocol::{EnvelopeHeaders, EnvelopeItem};
use serde_json::{Map, Value};

use super::attachment;
use crate::dsc::DynamicSamplingContext;
use crate::propagation::Baggage;

/// The header of an envelope that contains a context.
const TRACE: &str = "trace";

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
        let mut stripped = Envelope::new().with_headers(envelope.headers().clone());
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
        let mut bytes = Vec::new();
        self.envelope.to_writer(&mut bytes)?;
        if self.has_context() {
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let headers = serde_json::to_vec(&self.headers()?)?;
            bytes.splice(..end.unwrap_or(bytes.len()), headers);
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
        let headers = self.headers().and_then(|mut headers| {
            let typed = serde_json::from_value(headers.clone().into());
            typed.or_else(|_: serde_json::Error| {
                headers.remove(TRACE);
                serde_json::from_value::<EnvelopeHeaders>(headers.into())
            })
        });
        self.envelope.with_headers(headers.unwrap_or_default())
    }

    fn headers(&self) -> serde_json::Result<Map<String, Value>> {
        let mut headers = match serde_json::to_value(self.envelope.headers())? {
            Value::Object(headers) => headers,
            _ => Map::new(),
        };
        match &self.context {
            Some(context) if !context.as_baggage().is_empty() => {
                headers.insert(TRACE.to_owned(), serde_json::to_value(context)?)
            }
            _ => headers.remove(TRACE),
        };
        Ok(headers)
    }
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
