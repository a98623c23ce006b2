//! The warning about a page outside a request, which is logged once a process.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::routing::get;
use sentry_ssr::RootSpanLayer;
use tokio::runtime;
use tower::ServiceExt;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber, span};

use crate::child::in_own_process;

/// Keeps the messages of this crate's warnings.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

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

/// Renders a page as a base template does that has no span.
fn render() -> String {
    format!("<head>{}</head>", sentry_ssr::meta_tags())
}

/// Renders pages in a pool of threads, of which the second one is taken along.
async fn handler() -> String {
    let lost = tokio::task::spawn_blocking(render).await.unwrap();
    assert_eq!(lost, "<head></head>");
    let found = sentry_ssr::in_current_scope(render);
    tokio::task::spawn_blocking(found).await.unwrap()
}

#[test]
fn a_page_outside_a_request_is_warned_about_once_where_there_is_a_layer() {
    in_own_process(|| {
        let runtime = runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let warnings = Warnings::default();
            tracing::subscriber::set_global_default(warnings.clone()).unwrap();
            let count = || warnings.0.lock().unwrap().len();

            assert_eq!(render(), "<head></head>");
            assert!(sentry_ssr::trace_data().is_none());
            assert_eq!(count(), 0, "a test of a template has no layer");

            let app = Router::new()
                .route("/", get(handler))
                .layer(RootSpanLayer::new());
            for _ in 0..2 {
                let request = Request::new(Body::empty());
                let response = app.clone().oneshot(request).await.unwrap();
                let page = axum::body::to_bytes(response.into_body(), usize::MAX)
                    .await
                    .unwrap();
                assert!(page.starts_with(b"<head><meta name=\"sentry-trace\""));
            }
            assert!(sentry_ssr::trace_data().is_none());
            assert_eq!(count(), 1);
            let warnings = warnings.0.lock().unwrap();
            for way_out in [
                "outside a request",
                "`RootSpan`",
                "in_scope",
                "in_current_scope",
            ] {
                assert!(warnings[0].contains(way_out), "{warnings:?}");
            }
        });
    });
}
