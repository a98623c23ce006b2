//! Pages that caches may keep: `cargo run --example caches`.
//!
//! Three pages without tags in their template, each behind every configuration of the layer, such as
//! `/tags/asked`. Reload a page, go Back and Forward, and look at its head and its `Server-Timing`. The
//! variables are those of the `askama` example.

#[expect(dead_code, reason = "the templates print no tags")]
pub(crate) mod server;

use std::error::Error;
use std::time::Duration;

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sentry_ssr::{CachePolicy, RootSpanLayer};
use server::Browser;

/// The age up to which the browser joins the trace of a page.
const GUARD: Duration = Duration::from_secs(60);

const VERSION: &str = "\"v1\"";

#[derive(Template, WebTemplate)]
#[template(path = "kept.html")]
struct Page {
    browser: Browser,
}

/// Never reused: no header permits it.
async fn never(State(browser): State<Browser>) -> Page {
    Page { browser }
}

/// Revalidated each time: the browser stores the page and asks whether it has changed.
async fn asked(State(browser): State<Browser>, headers: HeaderMap) -> Response {
    if headers.get(IF_NONE_MATCH).is_some_and(is_current) {
        return (StatusCode::NOT_MODIFIED, [(ETAG, VERSION)]).into_response();
    }
    ([(ETAG, VERSION)], Page { browser }).into_response()
}

/// Replayable without a request for a minute.
async fn fresh(State(browser): State<Browser>) -> impl IntoResponse {
    ([(CACHE_CONTROL, "max-age=60")], Page { browser })
}

/// Whether the page has not changed. The layer makes a strong `ETag` weak where it changes the page.
fn is_current(etag: &HeaderValue) -> bool {
    etag.as_bytes().ends_with(VERSION.as_bytes())
}

pub(crate) fn app(layer: RootSpanLayer, browser: Browser) -> Router {
    let pages = Router::new()
        .route("/never", get(never))
        .route("/asked", get(asked))
        .route("/fresh", get(fresh));
    let (tags, header) = (layer.clone().inject_tags(true), layer.server_timing(true));
    let both = tags.clone().server_timing(true);
    let kept = tags.clone().cache_policy(CachePolicy::Keep);
    let ways = [
        ("/tags", tags.clone()),
        ("/tags/guarded", tags.clone().stale_guard(GUARD)),
        ("/header", header.clone()),
        ("/header/guarded", header.stale_guard(GUARD)),
        ("/both/guarded", both.stale_guard(GUARD)),
        ("/kept", kept.clone()),
        ("/kept/guarded", kept.stale_guard(GUARD)),
        ("/unstorable", tags.cache_policy(CachePolicy::Unstorable)),
    ];
    let nest = |app: Router<_>, (path, layer)| app.nest(path, pages.clone().layer(layer));
    ways.into_iter()
        .fold(Router::new(), nest)
        .with_state(browser)
}

fn main() -> Result<(), Box<dyn Error>> {
    // The client is bound before the runtime starts its first thread, so that every thread sees it, and dropped after
    // the last one has ended, which sends what is still queued.
    let (layer, _client) = server::tracing()?;
    let app = app(layer, Browser::from_env());
    tokio::runtime::Runtime::new()?.block_on(server::serve(app))
}
