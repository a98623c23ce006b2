//! The bridge to the SDK, by what goes over the wire to Sentry.
#![cfg(all(feature = "axum", feature = "sentry"))]

#[expect(dead_code, reason = "not all of it is for these tests")]
mod support;

use axum::body::Body;
use axum::http::Request;
use axum::routing::get;
use axum::{Json, Router};
use http_body_util::BodyExt;
use sentry_ssr::{RootSpan, RootSpanLayer, TraceData};
use support::sdk::Sdk;
use tower::ServiceExt;

async fn answer(app: Router, request: Request<Body>) -> TraceData {
    let response = app.oneshot(request).await.unwrap();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&body).unwrap()
}

fn app() -> Router {
    Router::new()
        .route(
            "/users/{id}",
            get(async |span: RootSpan| Json(span.trace_data())),
        )
        .layer(RootSpanLayer::new())
}

#[tokio::test]
async fn a_new_trace_arrives_under_the_ids_of_the_tags() {
    let sdk = Sdk::sampling_all();
    let request = Request::get("/users/ada").body(Body::empty()).unwrap();
    let data = sdk.scope(answer(app(), request)).await;
    let trace = &sdk.transaction()["contexts"]["trace"];
    let ours = data.sentry_trace();
    assert_eq!(trace["trace_id"], ours.trace_id().to_string());
    assert_eq!(trace["span_id"], ours.span_id().to_string());
}
