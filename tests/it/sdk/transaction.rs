//! What Sentry shows of a request.

use axum::Router;
use axum::http::{HeaderValue, Request, StatusCode};
use axum::routing::get;
use sentry::{ClientOptions, Level};
use sentry_ssr::{RootSpan, RootSpanLayer};
use serde_json::{Value, json};
use tower::Layer;

use crate::support::request;
use crate::support::sdk::Sdk;

async fn page() -> &'static str {
    "a page"
}

async fn extract(_: RootSpan) {}

async fn rename(span: RootSpan) {
    assert!(span.set_name("a page"));
}

async fn rename_too_late(span: RootSpan) {
    let _frozen = span.meta_tags();
    assert!(!span.set_name("a page"));
}

fn routes() -> Router {
    Router::new()
        .route("/pages/{id}", get(page))
        .route("/extracted/{id}", get(extract))
        .route("/renamed/{id}", get(rename))
        .route("/late/{id}", get(rename_too_late))
        .fallback(page)
}

fn name_and_source(sdk: &Sdk) -> [Value; 2] {
    let transaction = sdk.transaction();
    let data = &transaction["contexts"]["trace"]["data"];
    [
        transaction["transaction"].clone(),
        data["sentry.source"].clone(),
    ]
}

#[tokio::test]
async fn is_named_after_the_route_it_matched() {
    for (path, name, source) in [
        ("/pages/7", "GET /pages/{id}", "route"),
        ("/extracted/7", "GET /extracted/{id}", "route"),
        ("/renamed/7", "a page", "custom"),
        ("/late/7", "GET /late/{id}", "route"),
        ("/unknown/7?secret", "GET /unknown/7", "url"),
    ] {
        let sdk = Sdk::sampling_all();
        let app = routes().layer(RootSpanLayer::new());
        sdk.scope(request::send(app, request::get(path))).await;
        assert_eq!(name_and_source(&sdk), [name, source], "{path}");
    }
}

#[tokio::test]
async fn is_named_by_the_extractor_where_the_layer_is_around_the_router() {
    for (path, name, source) in [
        ("/pages/7", "GET /pages/7", "url"),
        ("/extracted/7", "GET /extracted/{id}", "route"),
        ("/renamed/7", "a page", "custom"),
        ("/late/7", "GET /late/{id}", "route"),
    ] {
        let sdk = Sdk::sampling_all();
        let app = RootSpanLayer::new().layer(routes());
        sdk.scope(request::send(app, request::get(path))).await;
        assert_eq!(name_and_source(&sdk), [name, source], "{path}");
    }
}

#[tokio::test]
async fn has_an_operation_and_an_origin() {
    let sdk = Sdk::sampling_all();
    let app = routes().layer(RootSpanLayer::new());
    sdk.scope(request::send(app, request::get("/pages/7")))
        .await;
    let transaction = sdk.transaction();
    let trace = &transaction["contexts"]["trace"];
    assert_eq!(trace["op"], "http.server");
    assert_eq!(trace["origin"], "auto.http.sentry_ssr");
}

#[tokio::test]
async fn status_follows_from_that_of_the_response() {
    for (status, shown) in [
        (200, "ok"),
        (204, "ok"),
        (302, "ok"),
        (304, "ok"),
        (400, "invalid_argument"),
        (401, "unauthenticated"),
        (403, "permission_denied"),
        (404, "not_found"),
        (409, "already_exists"),
        (418, "invalid_argument"),
        (429, "resource_exhausted"),
        (499, "cancelled"),
        (500, "internal_error"),
        (501, "unimplemented"),
        (502, "internal_error"),
        (503, "unavailable"),
        (504, "deadline_exceeded"),
    ] {
        let sdk = Sdk::sampling_all();
        let status = StatusCode::from_u16(status).unwrap();
        let app = Router::new()
            .route("/", get(move || async move { status }))
            .layer(RootSpanLayer::new());
        sdk.scope(request::send(app, request::get("/"))).await;
        let transaction = sdk.transaction();
        let trace = &transaction["contexts"]["trace"];
        assert_eq!(trace["status"], shown, "{status}");
        let code = &trace["data"]["http.response.status_code"];
        assert_eq!(*code, status.as_u16(), "{status}");
    }
}

#[tokio::test]
async fn a_status_that_the_handler_has_set_stands() {
    async fn handler(span: RootSpan) {
        let status = sentry::protocol::SpanStatus::DataLoss;
        span.sdk_span().unwrap().set_status(status);
    }
    let sdk = Sdk::sampling_all();
    let app = Router::new()
        .route("/", get(handler))
        .layer(RootSpanLayer::new());
    sdk.scope(request::send(app, request::get("/"))).await;
    assert_eq!(
        sdk.transaction()["contexts"]["trace"]["status"],
        "data_loss"
    );
}

/// The requests that Sentry shows with a transaction and with an event.
async fn shown_requests(options: ClientOptions) -> [Value; 2] {
    async fn fail() {
        sentry::capture_message("something is wrong", Level::Error);
    }
    let mut request = Request::get("http://ada:password@shop.test:8080/a%20b?token=7#fragment")
        .header("host", "other.test")
        .header("accept", "text/html")
        .header("cookie", "session=7")
        .header("authorization", "Bearer 7")
        .header("x-forwarded-for", "192.0.2.7")
        .header("x-bytes", HeaderValue::from_bytes(b"\xff").unwrap());
    let mut marked = HeaderValue::from_static("7");
    marked.set_sensitive(true);
    request = request.header("x-marked", marked);

    let sdk = Sdk::start(options.traces_sample_rate(1.0));
    let app = Router::new().fallback(fail).layer(RootSpanLayer::new());
    let request = request.body(axum::body::Body::empty()).unwrap();
    sdk.scope(request::send(app, request)).await;
    [sdk.transaction(), sdk.event()].map(|item| item["request"].clone())
}

#[tokio::test]
async fn shows_the_request_without_what_may_be_secret() {
    let expected = json!({
        "method": "GET",
        "url": "http://shop.test:8080/a%20b",
        "headers": {
            "host": "other.test",
            "accept": "text/html",
            "cookie": "[Filtered]",
            "authorization": "[Filtered]",
            "x-forwarded-for": "[Filtered]",
        },
    });
    for shown in shown_requests(ClientOptions::new()).await {
        assert_eq!(shown, expected);
    }
}

#[tokio::test]
async fn shows_personal_data_where_the_client_allows_it() {
    let expected = json!({
        "method": "GET",
        "url": "http://shop.test:8080/a%20b",
        "query_string": "token=7",
        "headers": {
            "host": "other.test",
            "accept": "text/html",
            "cookie": "session=7",
            "authorization": "Bearer 7",
            "x-forwarded-for": "192.0.2.7",
        },
    });
    for shown in shown_requests(ClientOptions::new().send_default_pii(true)).await {
        assert_eq!(shown, expected);
    }
}

#[tokio::test]
async fn the_host_of_a_request_is_that_of_its_header() {
    for (host, url) in [
        (
            Some("shop.test:8080"),
            Some("http://shop.test:8080/pages/7"),
        ),
        (
            Some("ada:password@shop.test"),
            Some("http://shop.test/pages/7"),
        ),
        (Some("not a host"), None),
        (None, None),
    ] {
        let sdk = Sdk::sampling_all();
        let headers: Vec<_> = host.map(|host| ("host", host)).into_iter().collect();
        let app = routes().layer(RootSpanLayer::new());
        let request = request::get_with("/pages/7?token=7", &headers);
        sdk.scope(request::send(app, request)).await;
        assert_eq!(
            sdk.transaction()["request"]["url"].as_str(),
            url,
            "{host:?}"
        );
    }
}
