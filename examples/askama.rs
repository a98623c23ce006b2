//! The first page: `cargo run --example askama`, then visit <http://127.0.0.1:3000>.
//!
//! The page shows its own trace, part by part. It needs no account and no network.
//!
//! With `SENTRY_DSN`, server and browser report to Sentry; with `SENTRY_SPOTLIGHT=1` they report to a local
//! [Spotlight](https://spotlightjs.com) instead. The other variables are `SENTRY_RELEASE`,
//! `SENTRY_ENVIRONMENT`, `SENTRY_TRACES_SAMPLE_RATE`, `SENTRY_ORG_ID` and
//! `SENTRY_STRICT_TRACE_CONTINUATION`, as in Sentry's SDKs, `SENTRY_BROWSER_SDK` for the address of a script
//! that defines the global `Sentry` (Sentry's CDN by default), and `BIND` for the address to listen on.

pub(crate) mod server;

use std::error::Error;

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use sentry_ssr::{RootSpan, RootSpanLayer, TraceData};
use server::{Browser, Page};

#[derive(Template, WebTemplate)]
#[template(path = "index.html")]
struct Index {
    page: Page,
}

#[derive(Template, WebTemplate)]
#[template(path = "user.html")]
struct User {
    page: Page,
    id: u64,
}

/// Extends the same layout as every other page, so it carries the tags too.
#[derive(Template, WebTemplate)]
#[template(path = "error.html")]
struct ErrorPage {
    page: Page,
    status: StatusCode,
    explanation: &'static str,
}

async fn index(span: RootSpan, State(browser): State<Browser>) -> Index {
    Index {
        page: Page { span, browser },
    }
}

async fn user(span: RootSpan, State(browser): State<Browser>, Path(id): Path<u64>) -> User {
    User {
        page: Page { span, browser },
        id,
    }
}

async fn loader(span: RootSpan) -> Json<TraceData> {
    Json(span.trace_data())
}

async fn fail(span: RootSpan, State(browser): State<Browser>) -> (StatusCode, ErrorPage) {
    sentry::capture_message("the database is out to lunch", sentry::Level::Error);
    let explanation = "The handler failed. Its error event belongs to the trace of this page.";
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    error_page(Page { span, browser }, status, explanation)
}

async fn not_found(span: RootSpan, State(browser): State<Browser>) -> (StatusCode, ErrorPage) {
    let explanation = "No route matched, so the trace has no name: the tags never contain a URL.";
    error_page(Page { span, browser }, StatusCode::NOT_FOUND, explanation)
}

fn error_page(
    page: Page,
    status: StatusCode,
    explanation: &'static str,
) -> (StatusCode, ErrorPage) {
    let page = ErrorPage {
        page,
        status,
        explanation,
    };
    (status, page)
}

pub(crate) fn app(layer: RootSpanLayer, browser: Browser) -> Router {
    Router::new()
        .route("/", get(index))
        .route("/users/{id}", get(user))
        .route("/loader", get(loader))
        .route("/fail", get(fail))
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
