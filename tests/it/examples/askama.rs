//! The pages of the askama example, asked for in memory.

#[path = "../../../examples/askama.rs"]
#[expect(dead_code, reason = "the test does not start the server")]
#[expect(clippy::duplicate_mod, reason = "each example has a server of its own")]
mod example;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use scraper::{Html, Selector};
use sentry_ssr::{RootSpanLayer, TraceOptions};
use tower::ServiceExt;

use crate::support::ids::{TRACE_ID, sentry_trace};

async fn get(path: &str, headers: &[(&str, &[u8])]) -> (StatusCode, String) {
    let options = TraceOptions::new()
        .release("shop@1")
        .traces_sample_rate(1.0)
        .unwrap();
    let browser = example::server::Browser {
        sdk: "/sdk.js".to_owned(),
        dsn: Some("https://key@localhost/1".to_owned()),
        release: Some("\"shop\"</script>".to_owned()),
        environment: None,
        spotlight: false,
    };
    let app = example::app(RootSpanLayer::new().options(options), browser);
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = app
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn content(page: &str, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    let page = Html::parse_document(page);
    let contents = page.select(&selector).map(|element| {
        element
            .attr("content")
            .map_or_else(|| element.text().collect(), str::to_owned)
    });
    contents.collect()
}

#[tokio::test]
async fn a_page_shows_the_values_of_its_tags() {
    let (status, page) = get("/", &[]).await;
    assert_eq!(status, StatusCode::OK);
    let tag = content(&page, "head > meta[name=sentry-trace]");
    assert_eq!(tag.len(), 1);
    assert_eq!(content(&page, "#sentry-trace"), tag);
    assert_eq!(
        content(&page, "#baggage"),
        content(&page, "head > meta[name=baggage]")
    );
    assert!(tag[0].starts_with(&content(&page, "#trace-id")[0]));
}

#[tokio::test]
async fn a_page_is_called_after_its_route() {
    let (_, page) = get("/users/7", &[]).await;
    let baggage = &content(&page, "meta[name=baggage]")[0];
    assert!(
        baggage.contains("sentry-transaction=GET%20%2Fusers%2F%7Bid%7D"),
        "{baggage}"
    );
}

#[tokio::test]
async fn a_page_continues_the_trace_that_came() {
    let trace = sentry_trace("-0");
    let baggage = b"sentry-release=theirs,sentry-sample_rand=0.5,vendor=1";
    let headers: [(&str, &[u8]); 2] = [("sentry-trace", trace.as_bytes()), ("baggage", baggage)];
    let (_, page) = get("/users/7", &headers).await;
    assert!(content(&page, "meta[name=sentry-trace]")[0].starts_with(TRACE_ID));
    assert_eq!(
        content(&page, "meta[name=baggage]"),
        ["sentry-release=theirs,sentry-sample_rand=0.5"]
    );
}

#[tokio::test]
async fn the_loader_returns_the_values_as_json() {
    let (status, body) = get("/loader", &[]).await;
    assert_eq!(status, StatusCode::OK);
    let json: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert!(json["sentryTrace"].as_str().unwrap().ends_with("-1"));
    assert!(
        json["baggage"]
            .as_str()
            .unwrap()
            .contains("sentry-transaction=GET%20%2Floader")
    );
}

#[tokio::test]
async fn a_page_that_is_not_there_carries_the_tags_without_a_name() {
    let (status, page) = get("/missing", &[]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let tag = content(&page, "head > meta[name=sentry-trace]");
    assert_eq!(content(&page, "#sentry-trace"), tag);
    let baggage = &content(&page, "head > meta[name=baggage]")[0];
    assert!(!baggage.contains("sentry-transaction"), "{baggage}");
}

#[tokio::test]
async fn an_error_page_carries_the_tags() {
    let (status, page) = get("/fail", &[]).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    let tag = content(&page, "head > meta[name=sentry-trace]");
    assert_eq!(content(&page, "#sentry-trace"), tag);
    let baggage = &content(&page, "head > meta[name=baggage]")[0];
    assert!(baggage.contains("sentry-transaction=GET%20%2Ffail"));
}

#[tokio::test]
async fn two_requests_never_share_a_trace() {
    let id = async || content(&get("/", &[]).await.1, "#trace-id");
    assert_ne!(id().await, id().await);
}

#[tokio::test]
async fn hostile_headers_get_a_page_all_the_same() {
    let huge = vec![b'x'; 100_000];
    let many = b"sentry-a=\"><script>,".repeat(10_000);
    let values: [&[u8]; 5] = [
        b"\"><script>alert(1)</script>",
        b"\xff\xfe",
        b"sentry-a=%22%3E",
        &huge,
        &many,
    ];
    for value in values {
        for name in ["sentry-trace", "baggage"] {
            let trace = sentry_trace("-1");
            let headers: [(&str, &[u8]); 2] = [("sentry-trace", trace.as_bytes()), (name, value)];
            let (status, page) = get("/", &headers).await;
            assert_eq!(status, StatusCode::OK);
            assert_eq!(content(&page, "meta[name=sentry-trace]").len(), 1);
            assert!(content(&page, "meta[name=baggage]").len() <= 1);
            assert_eq!(
                content(&page, "script").len(),
                2,
                "only the page's own scripts"
            );
        }
    }
}
