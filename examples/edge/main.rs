//! A caching proxy that starts the traces, and a service behind it.
//!
//! - `cargo run --example edge -- nginx`, or `-- varnish`, prints the configuration of the proxy.
//! - `cargo run --example edge` serves pages that the proxy may keep.
//!
//! The variables are those of the `askama` example. The configurations beside this file were printed with
//! `SENTRY_DSN=https://key@o7.ingest.sentry.io/42`, `SENTRY_RELEASE=shop@1.4.0`,
//! `SENTRY_ENVIRONMENT=production` and `SENTRY_TRACES_SAMPLE_RATE=0.25`.

#[path = "../server/mod.rs"]
#[expect(dead_code, reason = "the pages know nothing of their span")]
mod server;

use std::error::Error;

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, ETAG};
use axum::response::IntoResponse;
use axum::routing::get;
use sentry_ssr::{RootSpanLayer, TraceOptions, edge};
use server::Browser;

/// The layout prints the tags as in any other service; behind the proxy they print nothing.
#[derive(Template, WebTemplate)]
#[template(path = "edge.html")]
struct Page {
    number: u32,
    browser: Browser,
}

async fn page(Path(number): Path<u32>, State(browser): State<Browser>) -> impl IntoResponse {
    let headers = [(CACHE_CONTROL, "public, max-age=600"), (ETAG, "\"v1\"")];
    (headers, Page { number, browser })
}

fn app(layer: RootSpanLayer) -> Router {
    Router::new()
        .route("/pages/{number}", get(page))
        .layer(layer.behind_edge(true))
        .with_state(Browser::from_env())
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = TraceOptions::from_env()?;
    match std::env::args().nth(1).as_deref() {
        Some("nginx") => print!("{}", edge::nginx(&options)),
        Some("varnish") => print!("{}", edge::varnish(&options)),
        Some(other) => return Err(format!("{other} is neither nginx nor varnish").into()),
        None => {
            // The client is bound before the first thread of the runtime starts, and flushed after the last
            // one has ended.
            let (layer, _reports_until_dropped) = server::tracing()?;
            tokio::runtime::Runtime::new()?.block_on(server::serve(app(layer)))?;
        }
    }
    Ok(())
}
