//! Rule: a response with an ignored status makes no transaction, and its errors belong to its trace.

use std::convert::Infallible;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use futures_util::stream;
use sentry::{ClientOptions, Level};
use sentry_ssr::{RootSpanLayer, StatusCodes, TraceOptions, instrument};

use crate::support::request::{get, send};
use crate::support::sdk::Sdk;

/// Answers with the status in the path, whole or as a stream.
async fn answer(request: Request<Body>) -> Response {
    sentry::capture_message("something is wrong", Level::Error);
    let path = request.uri().path();
    let status: u16 = path.rsplit('/').next().unwrap().parse().unwrap();
    let status = StatusCode::from_u16(status).unwrap();
    if path.starts_with("/stream") {
        let chunks = ["one", "two"].map(|chunk| Ok::<_, Infallible>(Bytes::from(chunk)));
        return (status, Body::from_stream(stream::iter(chunks))).into_response();
    }
    (status, "whole").into_response()
}

fn clients() -> [Sdk; 3] {
    let rate = || ClientOptions::new().traces_sample_rate(1.0);
    let sampler = ClientOptions::new().traces_sampler(|_| 1.0);
    [rate(), instrument(rate()), instrument(sampler)].map(Sdk::start)
}

fn layer(sdk: &Sdk, ignore: impl Fn(TraceOptions) -> TraceOptions) -> RootSpanLayer {
    RootSpanLayer::new().options(ignore(sdk.run(TraceOptions::of_client)))
}

fn app(layer: RootSpanLayer) -> Router {
    Router::new().fallback(any(answer)).layer(layer)
}

/// How many transactions a request makes.
async fn transactions(sdk: &Sdk, layer: RootSpanLayer, method: &str, path: &str) -> usize {
    let before = sdk.transactions().len();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .body(Body::empty())
        .unwrap();
    sdk.scope(send(app(layer), request)).await;
    sdk.transactions().len() - before
}

#[tokio::test]
async fn each_form_of_a_list_is_understood() {
    type Ignore = fn(TraceOptions) -> TraceOptions;
    let cases: [(Ignore, &[u16], &[u16]); 6] = [
        (|it| it, &[], &[200, 404, 500]),
        (
            |it| it.trace_ignore_status_codes([404, 405]),
            &[404, 405],
            &[200, 403, 406],
        ),
        (
            |it| it.trace_ignore_status_codes([StatusCode::NOT_FOUND]),
            &[404],
            &[200, 500],
        ),
        (
            |it| it.trace_ignore_status_codes([300..=399, 404..=404]),
            &[300, 307, 399, 404],
            &[299, 400, 403],
        ),
        (
            |it| {
                it.trace_ignore_status_codes([StatusCodes::from(404), StatusCodes::from(500..=599)])
            },
            &[404, 500, 599],
            &[200, 499],
        ),
        (
            |it| it.trace_ignore_status_codes([400..500, 0..0]),
            &[400, 499],
            &[399, 500],
        ),
    ];
    let sdk = Sdk::sampling_all();
    for (ignore, ignored, sent) in cases {
        for (statuses, count) in [(ignored, 0), (sent, 1)] {
            for status in statuses {
                let made =
                    transactions(&sdk, layer(&sdk, ignore), "GET", &format!("/{status}")).await;
                assert_eq!(made, count, "{status}");
            }
        }
    }
}

#[tokio::test]
async fn the_last_list_counts_and_a_range_from_high_to_low_is_empty() {
    let sdk = Sdk::sampling_all();
    let last = layer(&sdk, |it| {
        it.trace_ignore_status_codes([404])
            .trace_ignore_status_codes([500])
    });
    assert_eq!(transactions(&sdk, last.clone(), "GET", "/404").await, 1);
    assert_eq!(transactions(&sdk, last, "GET", "/500").await, 0);
    #[expect(clippy::reversed_empty_ranges, reason = "this is the case")]
    let none = layer(&sdk, |it| it.trace_ignore_status_codes([499..=400]));
    assert_eq!(transactions(&sdk, none, "GET", "/404").await, 1);
}

#[tokio::test]
async fn every_kind_of_client_and_response_follows_the_list() {
    for sdk in clients() {
        let layer = layer(&sdk, |it| it.trace_ignore_status_codes([404]));
        for (method, path, count) in [
            ("GET", "/404", 0),
            ("GET", "/stream/404", 0),
            ("HEAD", "/404", 0),
            ("POST", "/stream/404", 0),
            ("GET", "/stream/200", 1),
        ] {
            assert_eq!(
                transactions(&sdk, layer.clone(), method, path).await,
                count,
                "{method} {path}"
            );
        }
        let events = sdk.events();
        assert_eq!(events.len(), 5, "errors are reported all the same");
        assert!(
            events
                .iter()
                .all(|event| event["contexts"]["trace"]["op"] == "http.server")
        );
    }
}

#[tokio::test]
async fn of_nested_layers_the_outer_one_counts() {
    for (outer, count) in [(404, 0), (500, 1)] {
        let sdk = Sdk::sampling_all();
        let list = |status: u16| layer(&sdk, move |it| it.trace_ignore_status_codes([status]));
        let app = Router::new()
            .fallback(any(answer))
            .layer(list(404))
            .layer(list(outer));
        sdk.scope(send(app, get("/404"))).await;
        assert_eq!(sdk.transactions().len(), count, "{outer}");
    }
}

#[tokio::test]
async fn a_status_that_changes_between_nested_layers_is_reported_as_it_is_sent() {
    let sdk = Sdk::sampling_all();
    let unavailable = map_response(async |response: Response| {
        (StatusCode::SERVICE_UNAVAILABLE, response).into_response()
    });
    let app = Router::new()
        .fallback(any(answer))
        .layer(RootSpanLayer::new())
        .layer(unavailable)
        .layer(RootSpanLayer::new());
    sdk.scope(send(app, get("/stream/200"))).await;
    let data = &sdk.transaction()["contexts"]["trace"]["data"];
    assert_eq!(data["http.response.status_code"], 503);
}

#[tokio::test]
async fn a_request_without_a_status_is_sent() {
    let sdk = Sdk::sampling_all();
    let layer = layer(&sdk, |it| it.trace_ignore_status_codes([0..=999]));
    let app = Router::new()
        .fallback(any(async || -> Response { std::future::pending().await }))
        .layer(layer);
    let request = sdk.scope(send(app, get("/")));
    let waited = tokio::time::timeout(std::time::Duration::from_millis(1), request).await;
    assert!(waited.is_err());
    assert_eq!(
        sdk.transaction()["contexts"]["trace"]["status"],
        "cancelled"
    );
}
