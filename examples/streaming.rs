//! A streamed page without tags in its template: `cargo run --example streaming`.
//!
//! minijinja writes the page while its rows arrive, and the layer inserts the tags into the stream. The
//! variables are those of the `askama` example.

#[expect(dead_code, reason = "the template prints no tags")]
mod server;

use std::error::Error;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use minijinja::{Environment, Value, context};
use sentry_ssr::RootSpanLayer;
use server::Browser;
use tokio::io::{AsyncRead, duplex};
use tokio::task::spawn_blocking;
use tokio_util::io::{ReaderStream, SyncIoBridge};

const PIECE: usize = 256;

async fn report(State(engine): State<Arc<Environment<'static>>>) -> impl IntoResponse {
    Html(Body::from_stream(ReaderStream::new(render(engine))))
}

/// The page, which a thread of its own writes while the response is read.
fn render(engine: Arc<Environment<'static>>) -> impl AsyncRead {
    let (page, reader) = duplex(PIECE);
    spawn_blocking(move || {
        let template = engine.get_template("report.html")?;
        let page = SyncIoBridge::new(page);
        let Browser { sdk, dsn, .. } = Browser::from_env();
        let rows = Value::make_iterable(|| (1..=20).map(slow_row));
        template
            .render_captured_to(context!(sdk, dsn, rows), page)
            .map(drop)
    });
    reader
}

/// A row that takes time to compute.
fn slow_row(number: u32) -> String {
    thread::sleep(Duration::from_millis(10));
    format!("row {number}")
}

pub(crate) fn app(layer: RootSpanLayer) -> Result<Router, minijinja::Error> {
    let mut engine = Environment::new();
    engine.add_template("report.html", include_str!("../templates/report.html"))?;
    let pages = Router::new().route("/", get(report));
    Ok(pages.with_state(Arc::new(engine)).layer(layer))
}

fn main() -> Result<(), Box<dyn Error>> {
    // The client is bound before the runtime starts its first thread, so that every thread sees it, and dropped after
    // the last one has ended, which sends what is still queued.
    let (layer, _client) = server::tracing()?;
    let app = app(layer.inject_tags(true))?;
    tokio::runtime::Runtime::new()?.block_on(server::serve(app))
}
