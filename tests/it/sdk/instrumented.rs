//! `#[tracing::instrument]` with the SDK's layer for `tracing`: its spans are children of the root
//! span.

use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use sentry::Level;
use sentry::integrations::tracing::SpanLayer;
use sentry_ssr::{RootSpan, RootSpanLayer};
use serde_json::Value;
use tracing::subscriber::{self, DefaultGuard};
use tracing::{Instrument, info_span, instrument};
use tracing_subscriber::layer::SubscriberExt;

use crate::support::request;
use crate::support::sdk::Sdk;
use crate::support::tags::tags;

fn subscribe() -> DefaultGuard {
    subscriber::set_default(tracing_subscriber::registry().with(SpanLayer::new()))
}

#[instrument]
async fn load() {
    tokio::task::yield_now().await;
    query().await;
}

#[instrument]
async fn query() {
    tokio::task::yield_now().await;
    sentry::capture_message("something is wrong", Level::Error);
}

async fn page(span: RootSpan) -> String {
    load().await;
    span.meta_tags().to_string()
}

fn span<'a>(transaction: &'a Value, name: &str) -> &'a Value {
    let spans = transaction["spans"].as_array().unwrap();
    let is_named = |span: &&Value| span["description"] == name;
    spans.iter().find(is_named).unwrap()
}

#[tokio::test]
async fn instrumented_functions_are_children_of_the_root_span() {
    let _subscribed = subscribe();
    let sdk = Sdk::sampling_all();
    let app = Router::new()
        .route("/", get(page))
        .layer(RootSpanLayer::new());
    let tags = sdk.scope(tags(app, request::get("/"))).await;
    let transaction = sdk.transaction();
    let trace = &transaction["contexts"]["trace"];
    assert_eq!(trace["span_id"], tags.span_id());
    let (load, query) = (span(&transaction, "load"), span(&transaction, "query"));
    assert_eq!(load["parent_span_id"], tags.span_id());
    assert_eq!(query["parent_span_id"], load["span_id"]);
    let event = &sdk.event()["contexts"]["trace"];
    assert_eq!(event["trace_id"], tags.trace_id());
    assert_eq!(event["span_id"], query["span_id"]);
}

#[tokio::test]
async fn an_instrumented_handler_extracts_the_root_span_of_its_layer() {
    #[instrument(skip_all)]
    async fn page(span: RootSpan) -> String {
        assert_eq!(RootSpan::current().unwrap().span_id(), span.span_id());
        span.meta_tags().to_string()
    }
    let _subscribed = subscribe();
    let sdk = Sdk::sampling_all();
    let app = Router::new()
        .route("/", get(page))
        .layer(RootSpanLayer::new());
    let tags = sdk.scope(tags(app, request::get("/"))).await;
    let transaction = sdk.transaction();
    assert_eq!(transaction["contexts"]["trace"]["span_id"], tags.span_id());
    assert_eq!(span(&transaction, "page")["parent_span_id"], tags.span_id());
}

/// As `TraceLayer` does it.
async fn open_span(request: Request, next: Next) -> Response {
    next.run(request).instrument(info_span!("request")).await
}

#[tokio::test]
async fn a_span_of_a_layer_further_in_is_a_child() {
    let _subscribed = subscribe();
    let sdk = Sdk::sampling_all();
    let app = Router::new()
        .route("/", get(page))
        .layer(middleware::from_fn(open_span))
        .layer(RootSpanLayer::new());
    let tags = sdk.scope(tags(app, request::get("/"))).await;
    let transaction = sdk.transaction();
    let request = span(&transaction, "request");
    assert_eq!(request["parent_span_id"], tags.span_id());
    assert_eq!(
        span(&transaction, "load")["parent_span_id"],
        request["span_id"]
    );
}

#[tokio::test]
async fn a_span_of_a_layer_further_out_is_adopted() {
    let _subscribed = subscribe();
    let sdk = Sdk::sampling_all();
    let app = Router::new()
        .route("/", get(page))
        .layer(RootSpanLayer::new())
        .layer(middleware::from_fn(open_span));
    let tags = sdk.scope(tags(app, request::get("/"))).await;
    let transaction = sdk.transaction();
    let trace = &transaction["contexts"]["trace"];
    assert_eq!(trace["trace_id"], tags.trace_id());
    assert_eq!(trace["span_id"], tags.span_id());
    assert_eq!(span(&transaction, "load")["parent_span_id"], tags.span_id());
}

#[tokio::test]
async fn a_function_that_is_never_finished_ends_with_its_request() {
    use futures_util::FutureExt;
    use tower::ServiceExt;

    #[instrument]
    async fn wait() {
        std::future::pending::<()>().await;
    }
    let _subscribed = subscribe();
    let sdk = Sdk::sampling_all();
    let app = Router::new()
        .route("/", get(wait))
        .layer(RootSpanLayer::new());
    let visit = app.oneshot(request::get("/"));
    assert!(sdk.scope(visit).now_or_never().is_none());
    let transaction = sdk.transaction();
    assert_eq!(transaction["contexts"]["trace"]["status"], "cancelled");
    assert_eq!(transaction["spans"].as_array().unwrap().len(), 1);
    assert_eq!(
        span(&transaction, "wait")["trace_id"],
        transaction["contexts"]["trace"]["trace_id"]
    );
}
