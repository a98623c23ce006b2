//! A server that reports to Sentry: `SENTRY_DSN=… cargo run --example sentry`.
//!
//! Each page is rendered within a child span; one handler fails and another one panics. All of it is
//! reported in the trace of the request. The variables are those of the `askama` example.

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

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    page: Page,
    status: StatusCode,
    explanation: &'static str,
}

type Rendered = Result<Html<String>, StatusCode>;

async fn index(span: RootSpan, State(browser): State<Browser>) -> Rendered {
    render(
        &span.clone(),
        &Index {
            page: Page { span, browser },
        },
    )
}

async fn user(span: RootSpan, State(browser): State<Browser>, Path(id): Path<u64>) -> Rendered {
    render(
        &span.clone(),
        &User {
            page: Page { span, browser },
            id,
        },
    )
}

/// Renders a page within a child span.
fn render<T: Template>(span: &RootSpan, page: &T) -> Rendered {
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

async fn fail(span: RootSpan, State(browser): State<Browser>) -> (StatusCode, Rendered) {
    sentry::capture_message("the database is out to lunch", sentry::Level::Error);
    let explanation = "The handler failed. Its error event belongs to the trace of this page.";
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    error_page(Page { span, browser }, status, explanation)
}

async fn not_found(span: RootSpan, State(browser): State<Browser>) -> (StatusCode, Rendered) {
    let explanation = "No route matched, so the trace has no name: the tags never contain a URL.";
    error_page(Page { span, browser }, StatusCode::NOT_FOUND, explanation)
}

fn error_page(page: Page, status: StatusCode, explanation: &'static str) -> (StatusCode, Rendered) {
    let span = page.span.clone();
    let page = ErrorPage {
        page,
        status,
        explanation,
    };
    (status, render(&span, &page))
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
        .fallback(not_found)
        .layer(layer)
        .with_state(browser)
}

fn main() -> Result<(), Box<dyn Error>> {
    // The client is bound before the runtime starts its first thread, so that every thread sees it, and dropped after
    // the last one has ended, which sends what is still queued.
    let (layer, _client) = server::tracing()?;
    let app = app(layer, Browser::from_env());
    tokio::runtime::Runtime::new()?.block_on(server::serve(app))
}
