//! What `instrument` adds to a transaction, from its start until its envelope is bytes. The transport
//! only turns envelopes into bytes, as every one must that sends them.
//!
//! `cargo bench --bench instrument | benches/ratios sdk`

use std::sync::Arc;

use divan::{Bencher, black_box};
use sentry::{Client, ClientOptions, Envelope, Hub, Transport};
use sentry_ssr::{EnvelopeForm, Instrumentation, RootSpan, TraceOptions, TransactionName};

fn main() {
    divan::main();
}

struct ToBytes;

impl Transport for ToBytes {
    fn send_envelope(&self, envelope: Envelope) {
        let mut bytes = Vec::new();
        envelope.to_writer(&mut bytes).unwrap();
        black_box(bytes);
    }
}

/// So many child spans.
const CHILDREN: [u32; 3] = [0, 1, 10];

#[divan::bench(args = CHILDREN, sample_size = 100, sample_count = 300)]
fn sdk(bencher: Bencher, children: u32) {
    transactions(bencher, children, |options| options);
}

#[divan::bench(args = CHILDREN, sample_size = 100, sample_count = 300)]
fn typed(bencher: Bencher, children: u32) {
    let typed = Instrumentation::new().envelopes(EnvelopeForm::Typed);
    transactions(bencher, children, |options| typed.apply(options));
}

#[divan::bench(args = CHILDREN, sample_size = 100, sample_count = 300)]
fn raw(bencher: Bencher, children: u32) {
    transactions(bencher, children, sentry_ssr::instrument);
}

fn transactions(
    bencher: Bencher,
    children: u32,
    instrument: impl FnOnce(ClientOptions) -> ClientOptions,
) {
    let options = ClientOptions::new()
        .dsn("https://key@o7.ingest.sentry.io/42")
        .release("shop@1.4.0")
        .environment("production")
        .traces_sample_rate(1.0)
        .transport(Arc::new(ToBytes));
    let client = Arc::new(Client::from(instrument(options)));
    let hub = Arc::new(Hub::new(Some(client), Arc::default()));
    Hub::run(hub, || {
        let options = TraceOptions::of_client();
        bencher.bench_local(|| request(&options, children));
    });
}

/// A request from its start to its end, with so many child spans.
fn request(options: &TraceOptions, children: u32) {
    let span = RootSpan::start(options, None, &TransactionName::route("GET", "/users/{id}"));
    let parent = span.sdk_span();
    for _ in 0..children {
        if let Some(parent) = &parent {
            parent.start_child("db.query", "select 1").finish();
        }
    }
    drop(black_box(span));
}
