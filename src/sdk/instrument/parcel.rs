use std::io;

use sentry::Envelope;
use sentry::protocol::{EnvelopeHeaders, EnvelopeItem};
use serde_json::{Map, Value};

use super::carrier;
use crate::dsc::DynamicSamplingContext;
use crate::header::Baggage;

/// The header that shows a context.
const TRACE: &str = "trace";

/// An envelope and the context that its `trace` header is to show, which it no longer carries inside.
pub(super) struct Parcel {
    envelope: Envelope,
    context: Option<DynamicSamplingContext>,
}

impl Parcel {
    pub(super) fn open(envelope: Envelope) -> Self {
        if !envelope.items().any(is_loaded) {
            return Self {
                envelope,
                context: None,
            };
        }
        let mut opened = Envelope::new().with_headers(envelope.headers().clone());
        let mut context = None;
        for mut item in envelope.into_items() {
            context = context.or(take(&mut item));
            opened.add_item(item);
        }
        Self {
            envelope: opened,
            context: context.map(DynamicSamplingContext::from_baggage),
        }
    }

    /// Whether there is a context to show, be it an empty one.
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

    /// The same bytes as an envelope that the SDK does not look into.
    pub(super) fn into_raw(self) -> Envelope {
        let bytes = self.to_bytes().ok();
        let raw = bytes.and_then(|bytes| Envelope::from_bytes_raw(bytes).ok());
        raw.unwrap_or(self.envelope)
    }

    /// The envelope with those entries of the context in its headers that the SDK has a type for, or
    /// with none where it finds fault with one of them.
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

fn is_loaded(item: &EnvelopeItem) -> bool {
    match item {
        EnvelopeItem::Event(event) => carrier::is_in(&event.contexts),
        EnvelopeItem::Transaction(transaction) => carrier::is_in(&transaction.contexts),
        _ => false,
    }
}

fn take(item: &mut EnvelopeItem) -> Option<Baggage> {
    match item {
        EnvelopeItem::Event(event) => carrier::take(&mut event.contexts),
        EnvelopeItem::Transaction(transaction) => carrier::take(&mut transaction.contexts),
        _ => None,
    }
}
