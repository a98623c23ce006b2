//! The default features, and an SDK that was compiled without a transport: the client says what is missing,
//! and everything else works.

use std::env;
use std::process::Command;

use askama::Template;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::response::Html;
use axum::routing::get;
use sentry::{ClientOptions, Level};
use sentry_ssr::{RootSpan, RootSpanLayer, instrument};
use tower_service::Service;
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};

#[derive(Template)]
#[template(source = "<head>{{ span.meta_tags() }}</head>", ext = "html")]
struct Page {
    span: RootSpan,
}

async fn page(span: RootSpan) -> Html<String> {
    sentry::capture_message("something is wrong", Level::Error);
    Html(Page { span }.render().unwrap())
}

async fn visit() -> String {
    let mut app: Router = Router::new()
        .route("/", get(page))
        .layer(RootSpanLayer::new());
    let request = Request::get("/").body(Body::empty()).unwrap();
    let body = app.call(request).await.unwrap().into_body();
    String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().into()).unwrap()
}

fn serve() {
    let options = ClientOptions::new()
        .dsn("https://public@localhost/42")
        .traces_sample_rate(1.0);
    let guard = sentry::init(instrument(options));
    let page = pollster::block_on(visit());
    assert!(page.contains("sentry-sampled=true"), "{page}");
    assert!(guard.flush(None));
}

/// Prints the messages of events.
struct Printed;

impl Subscriber for Printed {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Message);
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

struct Message;

impl Visit for Message {
    fn record_debug(&mut self, _: &Field, value: &dyn std::fmt::Debug) {
        println!("{value:?}");
    }
}

fn assert_advises(output: &[u8]) {
    let output = String::from_utf8_lossy(output);
    assert_eq!(
        output.matches("feature `reqwest` or `ureq`").count(),
        1,
        "{output}"
    );
}

fn main() {
    match env::args().nth(1).as_deref() {
        Some("subscriber") => {
            tracing::subscriber::set_global_default(Printed).unwrap();
            serve();
        }
        Some(_) => serve(),
        None => {
            let run = |mode| Command::new(env::current_exe().unwrap()).arg(mode).output();
            let with = run("subscriber").unwrap();
            let without = run("no subscriber").unwrap();
            assert!(
                with.status.success() && without.status.success(),
                "{with:?} {without:?}"
            );
            assert_advises(&with.stdout);
            assert_advises(&without.stderr);
        }
    }
}
