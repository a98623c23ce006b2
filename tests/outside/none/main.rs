//! No feature: the layer for any tower service, and what needs no framework.

#[path = "../page.rs"]
mod page;

use sentry_ssr::{IncomingTrace, RootSpan, TraceOptions, TransactionName};

fn main() {
    page::visit();

    let options = TraceOptions::new().traces_sample_rate(1.0).unwrap();
    let options = options.dsn("https://public@o7.ingest.sentry.io/1").unwrap();
    let incoming = IncomingTrace::from_env();
    let span = RootSpan::start(&options, incoming, &TransactionName::route("GET", "/"));
    assert_eq!(span.baggage().get("org_id").as_deref(), Some("7"));
    let mut headers = http::HeaderMap::new();
    let outgoing = span.outgoing_to("https://api.example.com/").unwrap();
    outgoing.insert_into(&mut headers);
    assert_eq!(headers["sentry-trace"], span.sentry_trace().to_string());
}
