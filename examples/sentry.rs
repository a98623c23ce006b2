//! A server that reports to Sentry: `SENTRY_DSN=… cargo run --example sentry`.
//!
//! Child spans, a handler that fails and one that panics, each in the trace of its page. The
//! variables are those of the `askama` example.

mod server;

use std::error::Error;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::get;
use axum::{Json, Router};
use sentry_ssr::{RootSpan, RootSpanLayer, TraceData};
use server::{Browser, Page};

#[derive(Template)]
#[template(path = "index.html")]
struct Index {
    page: Page,
}

#[derive(Template)]
#[template(path = "user.html")]
struct User {
    page: Page,
    id: u64,
}

async fn index(span: RootSpan, State(browser): State<Browser>) -> Result<Html<String>, StatusCode> {
    render(
        &span.clone(),
        &Index {
            page: Page { span, browser },
        },
    )
}

async fn user(
    span: RootSpan,
    State(browser): State<Browser>,
    Path(id): Path<u64>,
) -> Result<Html<String>, StatusCode> {
    render(
        &span.clone(),
        &User {
            page: Page { span, browser },
            id,
        },
    )
}

/// Renders a page within a child span.
fn render<T: Template>(span: &RootSpan, page: &T) -> Result<Html<String>, StatusCode> {
    let child = span
        .sdk_span()
        .map(|span| span.start_child("ui.render", std::any::type_name::<T>()));
    let html = page.render();
    if let Some(child) = child {
        child.finish();
    }
    html.map(Html)
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

async fn loader(span: RootSpan) -> Json<TraceData> {
    Json(span.trace_data())
}

async fn fail() -> StatusCode {
    sentry::capture_message("the database is out to lunch", sentry::Level::Error);
    StatusCode::SERVICE_UNAVAILABLE
}

async fn panic() {
    panic!("nobody expects this");
}

fn app(layer: RootSpanLayer, browser: Browser) -> Router {
    Router::new()
        .route("/", get(index))
        .route("/users/{id}", get(user))
        .route("/loader", get(loader))
        .route("/fail", get(fail))
        .route("/panic", get(panic))
        .layer(layer)
        .with_state(browser)
}

fn main() -> Result<(), Box<dyn Error>> {
    // The client is bound before the first thread of the runtime starts, and flushed after the last
    // one has ended.
    let (layer, _reports_until_dropped) = server::tracing()?;
    let app = app(layer, Browser::from_env());
    tokio::runtime::Runtime::new()?.block_on(server::serve(app))
}
