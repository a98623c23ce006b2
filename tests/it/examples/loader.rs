//! The loader example: one trace in the tags, in the JSON and in all loaders.

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use scraper::{Html, Selector};
use sentry_ssr::SentryTrace;
use sentry_ssr::testing::{FixedIds, HeadReport, assert_traced};
use serde_json::Value;
use tower::ServiceExt as _;

#[path = "../../../examples/loader.rs"]
#[expect(dead_code, reason = "the test does not run `main`")]
mod example;

async fn get(uri: &str) -> String {
    let request = Request::get(uri).body(Body::empty()).unwrap();
    let response = example::app().oneshot(request).await.unwrap();
    let body = response.into_body().collect().await.unwrap();
    String::from_utf8(body.to_bytes().to_vec()).unwrap()
}

/// The text of the page's only `<script>` element.
fn embedded(page: &str) -> Value {
    let page = Html::parse_document(page);
    let scripts = Selector::parse("script").unwrap();
    let scripts: Vec<String> = page
        .select(&scripts)
        .map(|script| script.text().collect())
        .collect();
    assert_eq!(scripts.len(), 1);
    serde_json::from_str(scripts.first().unwrap()).unwrap()
}

fn trace_of(data: &Value) -> SentryTrace {
    serde_json::from_value(data["sentryTrace"].clone()).unwrap()
}

#[tokio::test]
async fn the_root_loader_flattens_the_trace_into_its_answer() {
    let data: Value = serde_json::from_str(&get("/loader?name=Ada").await).unwrap();
    assert_eq!(data["visitor"]["name"], "Ada");
    let trace = trace_of(&data);
    let baggage = data["baggage"].as_str().unwrap();
    assert!(baggage.contains(&format!("sentry-trace_id={}", trace.trace_id())));
}

#[tokio::test]
async fn nested_loaders_see_the_span_of_the_request() {
    let data: Value = serde_json::from_str(&get("/loader").await).unwrap();
    let trace_id = trace_of(&data).trace_id().to_string();
    assert_eq!(data["visitor"]["traceId"], trace_id);
    assert_eq!(data["offers"]["traceId"], trace_id);
}

#[tokio::test]
async fn the_page_and_the_data_inside_it_show_one_span() {
    let page = get("/").await;
    assert_traced(&page);
    let report = HeadReport::of(&page);
    let data = embedded(&page);
    assert_eq!(data["sentryTrace"].as_str(), report.sentry_trace());
    assert_eq!(data["baggage"].as_str(), report.baggage());
}

#[tokio::test]
async fn nothing_in_the_data_ends_the_script_element() {
    let names = [
        (
            "%3C/script%3E%3Cscript%3Ealert(1)%3C/script%3E",
            "</script><script>alert(1)</script>",
        ),
        ("%3C!--%3Cscript%3E", "<!--<script>"),
        ("%26lt;%22'%5C%E2%80%A8", "&lt;\"'\\\u{2028}"),
    ];
    for (encoded, name) in names {
        let page = get(&format!("/?name={encoded}")).await;
        assert_traced(&page);
        assert_eq!(embedded(&page)["visitor"]["name"], name);
    }
}

#[tokio::test]
async fn with_fixed_ids_the_answer_is_the_same_in_every_run() {
    let _fixed = FixedIds::new();
    insta::assert_snapshot!(get("/loader?name=Ada").await, @r#"{"visitor":{"name":"Ada","traceId":"00000000000040008000000000000001"},"offers":{"titles":["Tea & cake"],"traceId":"00000000000040008000000000000001"},"sentryTrace":"00000000000040008000000000000001-0000000280004000","baggage":"sentry-trace_id=00000000000040008000000000000001,sentry-sample_rand=0.000001"}"#);
}
