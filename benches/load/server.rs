//! The server that `benches/load/run` asks for pages: `load bare|ours|sentry-tower [RATE]`.
//!
//! With a rate a Sentry client is bound, whose transport does nothing. One worker; it prints its
//! address, and stops when its standard input ends.

#[path = "../scenario/mod.rs"]
#[expect(dead_code, reason = "not all of it is used by each")]
mod scenario;

use std::error::Error;
use std::fmt::Write as _;
use std::io::Read as _;
use std::sync::Arc;
use std::{env, io, thread};

use axum::Router;
use axum::extract::Request;
use axum::response::Html;
use axum::routing::get;
use sentry_ssr::{RootSpan, RootSpanLayer};
use sentry_tower::{NewSentryLayer, SentryHttpLayer};
use tokio::net::TcpListener;

const HEAD: &str = "<!doctype html><html><head><meta charset=\"utf-8\">";
const PAGE: usize = 2048;

/// A page of two kilobytes, with these tags in its head.
fn page(tags: impl std::fmt::Display) -> Html<String> {
    let mut page = String::with_capacity(PAGE);
    page.push_str(HEAD);
    let _infallible = write!(page, "{tags}");
    page.push_str("</head><body>");
    page.extend(std::iter::repeat_n(
        "Hello, world! ",
        (PAGE - page.len()) / 14,
    ));
    Html(page)
}

fn app(kind: &str) -> Router {
    let plain = Router::new().route("/users/{id}", get(|| async { page("") }));
    match kind {
        "ours" => Router::new()
            .route(
                "/users/{id}",
                get(|span: RootSpan| async move { page(span.meta_tags()) }),
            )
            .layer(RootSpanLayer::new()),
        "sentry-tower" => plain
            .layer(SentryHttpLayer::new().enable_transaction())
            .layer(NewSentryLayer::<Request>::new_from_top()),
        _ => plain,
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let kind = args.next().unwrap_or_default();
    let rate = args.next().map(|rate| rate.parse()).transpose()?;
    let client = rate.map(|rate| Arc::new(scenario::client(rate, Arc::default())));
    sentry::Hub::current().bind_client(client);

    let stops = thread::spawn(|| io::stdin().read_to_end(&mut Vec::new()));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    runtime.spawn(async move {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        axum::serve(listener, app(&kind)).await
    });
    let _input = stops.join();
    Ok(())
}
