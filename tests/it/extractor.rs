//! `RootSpan` as an axum extractor: one span a request, with and without a layer.

use std::convert::Infallible;

use axum::body::{Body, HttpBody};
use axum::extract::FromRequestParts;
use axum::http::Request;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use sentry_ssr::{RootSpan, RootSpanLayer, TraceData, TraceOptions};
use tower::Layer;

use crate::support::ids::{SENTRY_TRACE, TRACE_ID, sentry_trace};
use crate::support::request::{self, get_with, send};

fn layer() -> RootSpanLayer {
    RootSpanLayer::new().options(TraceOptions::new().traces_sample_rate(1.0).unwrap())
}

fn routes() -> Router {
    Router::new()
        .route(
            "/users/{id}",
            get(async |span: RootSpan| Json(span.trace_data())),
        )
        .nest(
            "/nested",
            Router::new().route("/{x}", get(async |span: RootSpan| Json(span.trace_data()))),
        )
        .fallback(async |span: RootSpan| Json(span.trace_data()))
}

async fn ask<S, B>(app: S, request: Request<Body>) -> TraceData
where
    S: tower::Service<Request<Body>, Response = Response<B>, Error = Infallible>,
    B: HttpBody<Error: std::fmt::Debug>,
{
    let response = send(app, request).await;
    serde_json::from_slice(response.body()).unwrap()
}

fn transaction(data: &TraceData) -> Option<String> {
    Some(data.baggage().get("transaction")?.into_owned())
}

#[tokio::test]
async fn named_after_the_route_under_the_routers_layer() {
    let app = routes().layer(layer());
    let name = async |path| transaction(&ask(app.clone(), request::get(path)).await);
    assert_eq!(name("/users/ada").await.as_deref(), Some("GET /users/{id}"));
    assert_eq!(name("/nested/7").await.as_deref(), Some("GET /nested/{x}"));
    assert_eq!(
        name("/users/ada/unknown").await,
        None,
        "a URL is nobody's business"
    );
}

#[tokio::test]
async fn named_after_the_route_by_the_extractor_where_the_layer_came_too_early() {
    let app = layer().layer(routes());
    let data = ask(app, request::get("/users/ada")).await;
    assert_eq!(transaction(&data).as_deref(), Some("GET /users/{id}"));
}

#[tokio::test]
async fn a_name_set_by_hand_survives_the_extractor() {
    async fn rename(request: axum::extract::Request, next: Next) -> Response {
        request
            .extensions()
            .get::<RootSpan>()
            .unwrap()
            .set_name("a user");
        next.run(request).await
    }
    let app = routes().route_layer(middleware::from_fn(rename));
    let app = layer().layer(app);
    let data = ask(app, request::get("/users/ada")).await;
    assert_eq!(transaction(&data).as_deref(), Some("a user"));
}

#[tokio::test]
async fn works_without_a_layer() {
    let headers = [
        ("sentry-trace", SENTRY_TRACE),
        ("baggage", "sentry-sample_rand=0.5"),
    ];
    let request = get_with("/users/ada", &headers);
    let data = ask(routes(), request).await;
    assert_eq!(data.sentry_trace().trace_id().to_string(), TRACE_ID);
    assert_eq!(data.sentry_trace().sampled(), Some(true));
    assert_eq!(data.baggage().as_str(), "sentry-sample_rand=0.5");
}

#[tokio::test]
async fn all_extractors_of_a_request_get_the_same_span() {
    let two = get(async |one: RootSpan, other: RootSpan| {
        assert_eq!(one.span_id(), other.span_id());
        Json(one.trace_data())
    });
    for app in [
        Router::new().route("/", two.clone()),
        Router::new().route("/", two).layer(layer()),
    ] {
        let _answered = ask(app, request::get("/")).await;
    }
}

#[tokio::test]
async fn a_second_layer_keeps_the_span_of_the_first() {
    let outer = TraceOptions::new()
        .release("outer")
        .traces_sample_rate(1.0)
        .unwrap();
    let inner = TraceOptions::new().release("inner");
    let app = routes()
        .layer(RootSpanLayer::new().options(inner))
        .layer(RootSpanLayer::new().options(outer));
    let data = ask(app, request::get("/users/ada")).await;
    assert_eq!(data.baggage().get("release").as_deref(), Some("outer"));
}

#[tokio::test]
async fn several_headers_are_read_as_the_rules_say() {
    let request = Request::get("/users/ada")
        .header("sentry-trace", "")
        .header("sentry-trace", sentry_trace(""))
        .header(
            "sentry-trace",
            "0123456789abcdef0123456789abcdef-0123456789abcdef-0",
        )
        .header("baggage", "sentry-a=1,vendor=1,sentry-sample_rand=0.5")
        .header("baggage", "sentry-a=2")
        .body(Body::empty())
        .unwrap();
    let data = ask(routes(), request).await;
    assert_eq!(data.sentry_trace().trace_id().to_string(), TRACE_ID);
    assert_eq!(data.baggage().as_str(), "sentry-sample_rand=0.5,sentry-a=2");
}

#[tokio::test]
async fn never_rejects() {
    let bytes: Vec<u8> = (0x80..=0xff).chain(*b"\t ~\"<>&").collect();
    let (mut parts, ()) = Request::get("/")
        .header("sentry-trace", bytes.as_slice())
        .header("baggage", bytes.as_slice())
        .body(())
        .unwrap()
        .into_parts();
    let Ok(span) = RootSpan::from_request_parts(&mut parts, &()).await;
    assert_eq!(span.parent_span_id(), None);
}
