//! Loaders that return the trace beside their data: `cargo run --example loader`.
//!
//! The root loader flattens the trace into its data. The loaders that it calls take no span as a parameter
//! and still see that of the request, even on another thread. The data is available twice: as JSON from
//! `/loader`, and in a `<script>` element of the page, for a front end that starts without a second
//! request.

use std::error::Error;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::get;
use axum::{Json, Router};
use sentry_ssr::{RootSpan, RootSpanLayer, TraceData, TraceId, trace_data};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::task::{JoinError, spawn_blocking, yield_now};

#[derive(Template)]
#[template(path = "loader.html")]
struct Page {
    data: Root,
}

/// `{"visitor": …, "offers": …, "sentryTrace": …, "baggage": …}`
#[derive(Serialize)]
struct Root {
    visitor: Visitor,
    offers: Offers,
    #[serde(flatten)]
    trace: Option<TraceData>,
}

/// The data of a part of the page, and the trace id to quote if that part has failed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Visitor {
    name: String,
    trace_id: Option<TraceId>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Offers {
    titles: Vec<&'static str>,
    trace_id: Option<TraceId>,
}

#[derive(Deserialize)]
struct Question {
    #[serde(default)]
    name: String,
}

async fn root_loader(question: Question) -> Result<Root, JoinError> {
    let (visitor, offers) = tokio::join!(visitor_loader(question), offers_loader());
    Ok(Root {
        visitor,
        offers: offers?,
        trace: trace_data(),
    })
}

async fn visitor_loader(question: Question) -> Visitor {
    yield_now().await; // in place of a query; another thread may continue after it
    Visitor {
        name: question.name,
        trace_id: current_trace_id(),
    }
}

/// Reads on a thread for blocking work, which is part of the request only with the span.
async fn offers_loader() -> Result<Offers, JoinError> {
    let span = RootSpan::current();
    spawn_blocking(move || match span {
        Some(span) => span.in_scope(read_offers),
        None => read_offers(),
    })
    .await
}

fn read_offers() -> Offers {
    Offers {
        titles: vec!["Tea & cake"],
        trace_id: current_trace_id(),
    }
}

fn current_trace_id() -> Option<TraceId> {
    RootSpan::current().map(|span| span.trace_id())
}

async fn index(Query(question): Query<Question>) -> Result<Html<String>, StatusCode> {
    let data = root_loader(question).await.map_err(internal)?;
    Page { data }.render().map(Html).map_err(internal)
}

async fn loader(Query(question): Query<Question>) -> Result<Json<Root>, StatusCode> {
    root_loader(question).await.map(Json).map_err(internal)
}

fn internal(_: impl Error) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

pub(crate) fn app() -> Router {
    Router::new()
        .route("/", get(index))
        .route("/loader", get(loader))
        .layer(RootSpanLayer::new())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app()).await?)
}
