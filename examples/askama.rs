//! A traced page: `cargo run --example askama`.
//!
//! Needs no account and no network. With `SENTRY_DSN` set, server and browser report to Sentry;
//! `SENTRY_RELEASE`, `SENTRY_ENVIRONMENT`, `SENTRY_TRACES_SAMPLE_RATE`, `SENTRY_ORG_ID` and
//! `SENTRY_STRICT_TRACE_CONTINUATION` are read too. `BIND` says where to listen, `SENTRY_BROWSER_SDK`
//! where the page loads a script with the global `Sentry` from, if not from Sentry's CDN;
//! `SENTRY_SPOTLIGHT=1` reports to a local [Spotlight](https://spotlightjs.com) in place of Sentry.

pub(crate) mod server;

use std::error::Error;

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, State};
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

pub(crate) fn app(layer: RootSpanLayer, browser: Browser) -> Router {
    Router::new()
        .route("/", get(index))
        .route("/users/{id}", get(user))
        .route("/loader", get(loader))
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
