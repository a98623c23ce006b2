//! A client that is not instrumented is told of once a process; so this test has a process of its own.
#![cfg(all(feature = "axum", feature = "sentry"))]

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::routing::get;
use sentry::{Client, ClientOptions, Hub, SentryFutureExt};
use sentry_ssr::{RootSpanLayer, instrument};
use tower::ServiceExt;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber, span};

/// Keeps the messages of this crate's warnings.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl Warnings {
    fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

impl Subscriber for Warnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::WARN && metadata.target().starts_with("sentry_ssr")
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Message(&self.0));
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

struct Message<'a>(&'a Mutex<Vec<String>>);

impl Visit for Message<'_> {
    fn record_debug(&mut self, _: &Field, value: &dyn std::fmt::Debug) {
        self.0.lock().unwrap().push(format!("{value:?}"));
    }
}

async fn visit(options: ClientOptions) {
    let client = Client::from(options.dsn("http://public@127.0.0.1:9/1"));
    let hub = Arc::new(Hub::new(Some(Arc::new(client)), Arc::default()));
    let app = Router::new()
        .route("/", get(async || "hello"))
        .layer(RootSpanLayer::new());
    let request = Request::new(Body::empty());
    drop(app.oneshot(request).bind_hub(hub).await);
}

fn options() -> ClientOptions {
    ClientOptions::new().transport(sentry::test::TestTransport::new())
}

#[tokio::test]
async fn a_client_that_is_not_instrumented_is_told_of_once() {
    let warnings = Warnings::default();
    let _default = tracing::subscriber::set_default(warnings.clone());

    visit(options()).await;
    visit(options().traces_sample_rate(1.0)).await;
    visit(instrument(options().traces_sample_rate(0.5))).await;
    assert_eq!(
        warnings.count(),
        0,
        "without a rate below 1, or instrumented"
    );

    visit(options().traces_sample_rate(0.5)).await;
    assert_eq!(warnings.count(), 1);
    assert!(warnings.0.lock().unwrap()[0].contains("sentry_ssr::instrument"));

    visit(options().traces_sampler(|_| 1.0)).await;
    visit(options().traces_sample_rate(0.5)).await;
    assert_eq!(warnings.count(), 1, "once");
}
