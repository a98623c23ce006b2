//! The tags without a template engine: `cargo run --example no_engine`.
//!
//! [`MetaTags`](sentry_ssr::MetaTags) implements `Display` and prints finished HTML. Write it into the page
//! as it is.

use std::io;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use sentry_ssr::{RootSpan, RootSpanLayer};
use tokio::net::TcpListener;

async fn index(span: RootSpan) -> Html<String> {
    let tags = span.meta_tags();
    Html(format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">{tags}\
         <title>A page by format!</title></head><body>Hello</body></html>"
    ))
}

pub(crate) fn app() -> Router {
    Router::new()
        .route("/", get(index))
        .layer(RootSpanLayer::new())
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app()).await
}
