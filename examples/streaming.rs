//! A page that another engine streams in pieces, traced without a word about it in its template or its
//! handler: `cargo run --example streaming`.
//!
//! minijinja writes the page while its rows come in; the layer puts the tags into the stream. `BIND`
//! says where to listen; `SENTRY_BROWSER_SDK` and `SENTRY_DSN` put the browser's SDK into the page.

use std::env;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use minijinja::{Environment, Value, context};
use sentry_ssr::{RootSpanLayer, TraceOptions};
use tokio::io::{AsyncRead, duplex};
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;
use tokio_util::io::{ReaderStream, SyncIoBridge};

const PIECE: usize = 256;

async fn report(State(engine): State<Arc<Environment<'static>>>) -> impl IntoResponse {
    Html(Body::from_stream(ReaderStream::new(render(engine))))
}

/// The page, written by a thread of its own while it is read.
fn render(engine: Arc<Environment<'static>>) -> impl AsyncRead {
    let (page, reader) = duplex(PIECE);
    spawn_blocking(move || {
        let template = engine.get_template("report.html")?;
        let page = SyncIoBridge::new(page);
        let (sdk, dsn) = (
            env::var("SENTRY_BROWSER_SDK").ok(),
            env::var("SENTRY_DSN").ok(),
        );
        let rows = Value::make_iterable(|| (1..=20).map(slow_row));
        template
            .render_captured_to(context!(sdk, dsn, rows), page)
            .map(drop)
    });
    reader
}

/// Something that takes its time.
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

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let layer = RootSpanLayer::new().options(TraceOptions::from_env()?);
    let bind = env::var("BIND").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let listener = TcpListener::bind(bind.parse::<SocketAddr>()?).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app(layer.inject_tags())?).await?;
    Ok(())
}
