//! The transport that writes down what is reported.

use std::sync::Arc;

use sentry::{Client, ClientOptions, Envelope, Transport};
use serde::Deserialize;

use crate::book::Book;

struct Recorder(Arc<Book>);

/// A client that reports every transaction to the book.
pub(crate) fn client(book: &Arc<Book>) -> Arc<Client> {
    let options = ClientOptions::new()
        .dsn("https://public@localhost/42")
        .release("shop@1.4.0")
        .traces_sample_rate(1.0)
        .transport(Arc::new(Recorder(Arc::clone(book))));
    let options = sentry::apply_defaults(sentry_ssr::instrument(options));
    Arc::new(options.into())
}

/// Any line of an envelope: its header, an item's header, an item.
#[derive(Deserialize)]
struct Line {
    #[serde(default, rename = "type")]
    kind: String,
    trace: Option<Trace>,
    request: Option<Request>,
    contexts: Option<Contexts>,
    #[serde(default)]
    discarded_events: Vec<Loss>,
}

#[derive(Deserialize)]
struct Request {
    url: String,
}

#[derive(Deserialize)]
struct Contexts {
    trace: Trace,
}

#[derive(Deserialize)]
struct Trace {
    trace_id: String,
    #[serde(default)]
    status: String,
}

#[derive(Deserialize)]
struct Loss {
    reason: String,
}

impl Transport for Recorder {
    // A panic in here would be lost.
    fn send_envelope(&self, envelope: Envelope) {
        let mut bytes = Vec::new();
        let written = envelope.to_writer(&mut bytes);
        if written.is_err() || record(&self.0, &bytes).is_none() {
            self.0.note(&String::from_utf8_lossy(&bytes));
        }
    }
}

/// `None` for an envelope that should not be.
fn record(book: &Book, bytes: &[u8]) -> Option<()> {
    let lines = serde_json::Deserializer::from_slice(bytes).into_iter();
    let lines: Vec<Line> = lines.collect::<Result<_, _>>().ok()?;
    let (header, items) = lines.split_first()?;
    let mut items = items.chunks_exact(2);
    items
        .all(|item| record_item(book, header, &item[0].kind, &item[1]).is_some())
        .then_some(())
}

fn record_item(book: &Book, header: &Line, kind: &str, item: &Line) -> Option<()> {
    if kind == "client_report" {
        // It is for their callers to decide, and this is how the SDK tells of them.
        let mut losses = item.discarded_events.iter();
        return losses
            .all(|loss| loss.reason == "sample_rate")
            .then_some(());
    }
    let url = &item.request.as_ref()?.url;
    let Trace { trace_id, status } = &item.contexts.as_ref()?.trace;
    if header.trace.as_ref()?.trace_id != *trace_id {
        return None;
    }
    match kind {
        "transaction" => book.ended(url, trace_id, status),
        "event" => book.reported(url),
        _ => return None,
    }
    Some(())
}
