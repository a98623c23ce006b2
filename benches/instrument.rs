//! What `instrument` adds to a request, per transaction, on the thread that ends it: the transport
//! throws away what it gets.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use sentry::{Client, ClientOptions, Envelope, Hub, Transport};
use sentry_ssr::{EnvelopeForm, Instrumentation, RootSpan, TraceOptions, TransactionName};

struct Bin;

impl Transport for Bin {
    fn send_envelope(&self, envelope: Envelope) {
        black_box(envelope);
    }
}

/// A hub whose client throws everything away.
fn hub(instrument: impl FnOnce(ClientOptions) -> ClientOptions) -> Arc<Hub> {
    let options = ClientOptions::new()
        .dsn("https://key@o7.ingest.sentry.io/42")
        .release("shop@1.4.0")
        .environment("production")
        .traces_sample_rate(1.0)
        .transport(Arc::new(Bin));
    let client = Client::from(instrument(options));
    Arc::new(Hub::new(Some(Arc::new(client)), Arc::default()))
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

fn transaction(c: &mut Criterion) {
    let with = |form| move |options| Instrumentation::new().envelopes(form).apply(options);
    let clients = [
        ("not instrumented", hub(|options| options)),
        ("typed envelopes", hub(with(EnvelopeForm::Typed))),
        ("raw envelopes", hub(with(EnvelopeForm::Raw))),
    ];
    let mut group = c.benchmark_group("transaction");
    for children in [0, 10] {
        for (name, hub) in &clients {
            let id = BenchmarkId::new(*name, format!("{children} child spans"));
            group.bench_function(id, |b| {
                Hub::run(Arc::clone(hub), || {
                    let options = TraceOptions::of_client();
                    b.iter(|| request(&options, children));
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, transaction);
criterion_main!(benches);
