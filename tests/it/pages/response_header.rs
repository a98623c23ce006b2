//! What fits into the head of a response, and what the browser reads first there.

use sentry_ssr::RootSpanLayer;

use super::site::*;

const PAGE: &str = "<!doctype html><title>t</title>";

fn long_baggage(len: usize) -> String {
    let start = "sentry-sample_rand=0.5,sentry-release=";
    format!("{start}{}", "r".repeat(len - start.len()))
}

async fn told(baggage: &str, lines: &'static [Line]) -> Answer {
    let app =
        foreign(lines, PAGE).layer(RootSpanLayer::new().server_timing(true).inject_tags(true));
    let mut request = request();
    request
        .headers_mut()
        .unwrap()
        .insert("baggage", baggage.parse().unwrap());
    ask(&app, request).await
}

#[tokio::test]
async fn both_values_take_two_kib_at_the_most() {
    let trace = SENTRY_TRACE.len();
    let answer = told(&long_baggage(2048 - trace), &[HTML, ETAG]).await;
    assert!(answer.has_trace_in_headers());
    let answer = told(&long_baggage(2048 - trace + 1), &[HTML, ETAG]).await;
    assert!(answer.is_silent(), "{answer:?}");
    let answer = told(&long_baggage(8192), &[HTML, ETAG]).await;
    assert_eq!(answer.header("server-timing"), None);
}

#[tokio::test]
async fn a_page_that_no_cache_keeps_still_has_its_tags() {
    let answer = told(&long_baggage(8000), &[HTML]).await;
    assert_eq!(answer.header("server-timing"), None);
    assert_eq!(answer.tags(), 1);
    assert!(answer.text().contains("rrrrr"));
}

#[tokio::test]
async fn our_own_metric_comes_first_whatever_was_there() {
    const UPSTREAM: Line = (
        "server-timing",
        "sentry-trace;desc=\"0123456789abcdef0123456789abcdef-0123456789abcdef-1\", db;dur=1",
    );
    let answer = told(
        BAGGAGE,
        &[HTML, UPSTREAM, ("server-timing", "cache;desc=\"a, b\"")],
    )
    .await;
    let lines: Vec<_> = answer.headers.get_all("server-timing").iter().collect();
    assert_eq!(lines.len(), 3);
    assert!(
        lines[0]
            .to_str()
            .unwrap()
            .starts_with(&format!("sentry-trace;desc=\"{TRACE_ID}-"))
    );
    assert_eq!(lines[1], UPSTREAM.1);
    assert_eq!(lines[2], "cache;desc=\"a, b\"");
}
