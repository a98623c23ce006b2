//! A service behind a proxy that has started the trace.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, Request};
use axum::response::Html;
use axum::routing::get;
use http_body_util::BodyExt;
use sentry_ssr::{CachePolicy, RootSpan, RootSpanLayer, TraceOptions};
use tower::ServiceExt;

use crate::support::ids::{SENTRY_TRACE, TRACE_ID, sentry_trace};

/// A page that prints its tags in both ways, and one header for each value of its trace.
async fn page(span: RootSpan) -> ([(&'static str, String); 2], Html<String>) {
    let values = [
        ("x-trace", span.sentry_trace().to_string()),
        ("x-baggage", span.baggage().to_string()),
    ];
    let tags = format!("{}{}", span.meta_tags(), sentry_ssr::meta_tags());
    (values, Html(format!("<!doctype html><head>{tags}</head>")))
}

async fn ask(layer: RootSpanLayer, headers: &[(&str, &str)]) -> (HeaderMap, String) {
    let app = Router::new()
        .route("/", get(page))
        .layer(layer.behind_edge(true));
    let mut request = Request::get("/");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    let (head, body) = app.oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (head.headers, String::from_utf8(body.to_vec()).unwrap())
}

fn values(headers: &HeaderMap) -> (String, &str) {
    let trace = headers["x-trace"].to_str().unwrap();
    let sampled = trace.get(49..).unwrap_or_default();
    (
        format!("{}{sampled}", &trace[..32]),
        headers["x-baggage"].to_str().unwrap(),
    )
}

#[tokio::test]
async fn no_response_is_changed_whatever_else_is_asked_for() {
    let minute = Duration::from_secs(60);
    let layer = RootSpanLayer::new()
        .inject_tags(true)
        .route_name(true)
        .server_timing(true)
        .stale_guard(minute);
    for policy in [
        CachePolicy::Untraced,
        CachePolicy::Unstorable,
        CachePolicy::Keep,
    ] {
        let (headers, page) = ask(layer.clone().cache_policy(policy), &[]).await;
        assert_eq!(page, "<!doctype html><head></head>");
        assert!(!headers.contains_key("server-timing"));
        assert!(!headers.contains_key("sentry-route-name"));
        assert!(!headers.contains_key(CACHE_CONTROL));
    }
}

#[tokio::test]
async fn the_proxy_has_applied_the_options() {
    let options = TraceOptions::new().org_id(7);
    for options in [
        options.clone().ignore_incoming_traces(true),
        options.clone().strict_trace_continuation(true),
        options.clone().traces_sampler(|_| 0.0),
        options.traces_sample_rate(0.0).unwrap(),
    ] {
        let incoming = [
            ("sentry-trace", SENTRY_TRACE),
            ("baggage", "sentry-org_id=8,v=1"),
        ];
        let (headers, _) = ask(RootSpanLayer::new().options(options), &incoming).await;
        let expected = format!("{TRACE_ID}-1");
        assert_eq!(
            values(&headers),
            (expected, "sentry-org_id=8"),
            "nothing is added"
        );
    }
}

#[tokio::test]
async fn what_the_proxy_leaves_undecided_is_decided_for_this_service_alone() {
    let options = TraceOptions::new().traces_sample_rate(1.0).unwrap();
    let incoming = [
        ("sentry-trace", &*sentry_trace("")),
        ("baggage", "sentry-sample_rand=0.5"),
    ];
    let (headers, _) = ask(RootSpanLayer::new().options(options), &incoming).await;
    assert_eq!(
        values(&headers),
        (format!("{TRACE_ID}-1"), "sentry-sample_rand=0.5")
    );
}

#[tokio::test]
async fn a_request_past_the_proxy_starts_a_trace() {
    let (headers, _) = ask(RootSpanLayer::new(), &[]).await;
    assert!(!headers["x-trace"].is_empty());
}
