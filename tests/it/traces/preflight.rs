//! Rule: an `OPTIONS` request makes no transaction unless the options ask for one.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use axum::routing::any;
use sentry::{ClientOptions, Level};
use sentry_ssr::{PROPAGATION_HEADERS, RootSpan, RootSpanLayer, TraceOptions, instrument};
use tower_http::cors::{Any, CorsLayer};

use crate::support::ids::{TRACE_ID, sentry_trace};
use crate::support::request::send;
use crate::support::sdk::Sdk;
use crate::support::tags::{Tags, tags};

async fn page(span: RootSpan) -> String {
    sentry::capture_message("something is wrong", Level::Error);
    let mut headers = HeaderMap::new();
    span.outgoing().insert_into(&mut headers);
    assert_eq!(headers["sentry-trace"], span.sentry_trace().to_string());
    span.meta_tags().to_string()
}

fn app(layer: RootSpanLayer) -> Router {
    Router::new().route("/users/{id}", any(page)).layer(layer)
}

fn request(method: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let request = Request::builder().method(method).uri("/users/7");
    let request = headers
        .iter()
        .fold(request, |it, (name, value)| it.header(*name, *value));
    request.body(Body::empty()).unwrap()
}

/// A client of each kind that samples everything.
fn clients() -> Vec<Sdk> {
    let rate = || ClientOptions::new().traces_sample_rate(1.0);
    let sampler = || ClientOptions::new().traces_sampler(|_| 1.0);
    let all = [rate(), instrument(rate()), sampler(), instrument(sampler())];
    all.into_iter().map(Sdk::start).collect()
}

#[tokio::test]
async fn makes_no_transaction_and_its_errors_belong_to_its_trace() {
    for sdk in clients() {
        let tags = sdk
            .scope(tags(app(RootSpanLayer::new()), request("OPTIONS", &[])))
            .await;
        assert!(sdk.transactions().is_empty());
        let trace = &sdk.event()["contexts"]["trace"];
        assert_eq!(trace["trace_id"], tags.trace_id());
        assert_eq!(trace["span_id"], tags.span_id());
    }
}

#[tokio::test]
async fn is_traced_where_the_options_ask_for_it() {
    for sdk in clients() {
        let options = sdk
            .run(TraceOptions::of_client)
            .trace_options_requests(true);
        let layer = RootSpanLayer::new().options(options);
        let tags = sdk.scope(tags(app(layer), request("OPTIONS", &[]))).await;
        assert_eq!(sdk.transaction()["transaction"], "OPTIONS /users/{id}");
        assert_eq!(tags.trace.sampled(), Some(true));
    }
}

#[tokio::test]
async fn a_new_trace_leaves_the_decision_to_the_services_it_calls() {
    for sdk in clients() {
        let tags = sdk
            .scope(tags(app(RootSpanLayer::new()), request("OPTIONS", &[])))
            .await;
        assert_eq!(tags.trace.sampled(), None);
        assert!(tags.entry("sample_rand").is_some());
        for key in ["sampled", "sample_rate", "transaction"] {
            assert_eq!(tags.entry(key), None, "{key}");
        }
    }
}

#[tokio::test]
async fn a_continued_trace_is_passed_on_as_it_came() {
    let baggage = "sentry-sample_rate=0.5,sentry-sample_rand=0.25,sentry-sampled=true";
    for flag in ["-1", "-0", ""] {
        for sdk in clients() {
            let trace = sentry_trace(flag);
            let headers = [("sentry-trace", &*trace), ("baggage", baggage)];
            let tags = sdk
                .scope(tags(
                    app(RootSpanLayer::new()),
                    request("OPTIONS", &headers),
                ))
                .await;
            assert_eq!(
                tags.trace.to_string(),
                format!("{TRACE_ID}-{}{flag}", tags.span_id())
            );
            assert_eq!(tags.baggage.as_str(), baggage);
            assert!(sdk.transactions().is_empty());
        }
    }
}

#[tokio::test]
async fn a_preflight_makes_no_transaction_wherever_the_cors_layer_stands() {
    let cors = || {
        CorsLayer::new()
            .allow_origin(Any)
            .allow_headers(PROPAGATION_HEADERS)
    };
    let headers = [
        ("origin", "https://shop.example"),
        ("access-control-request-method", "GET"),
        ("access-control-request-headers", "sentry-trace,baggage"),
    ];
    for sdk in clients() {
        let inside = app(RootSpanLayer::new()).layer(cors());
        let outside = Router::new()
            .route("/users/{id}", any(page))
            .layer(cors())
            .layer(RootSpanLayer::new());
        for app in [inside, outside] {
            let response = sdk.scope(send(app, request("OPTIONS", &headers))).await;
            assert_eq!(
                response.headers()["access-control-allow-headers"],
                "sentry-trace,baggage"
            );
        }
        assert!(sdk.transactions().is_empty());
    }
}

#[tokio::test]
async fn other_methods_are_traced() {
    for method in ["GET", "HEAD", "POST", "options"] {
        for sdk in clients() {
            sdk.scope(send(app(RootSpanLayer::new()), request(method, &[])))
                .await;
            assert_eq!(sdk.transactions().len(), 1, "{method}");
        }
    }
}

#[tokio::test]
async fn a_span_without_a_layer_follows_the_same_rule() {
    let app = || {
        Router::new().route(
            "/users/{id}",
            any(async |span: RootSpan| span.meta_tags().to_string()),
        )
    };
    for sdk in clients() {
        let page = sdk.scope(send(app(), request("OPTIONS", &[]))).await;
        let tags = Tags::parse(std::str::from_utf8(page.body()).unwrap());
        assert_eq!(tags.trace.sampled(), None);
        assert!(sdk.transactions().is_empty());
    }
}
