//! Tags that were offered to a template, which did not print them.

use axum::Router;
use axum::body::Body;
use axum::response::AppendHeaders;
use axum::routing::get;
use sentry_ssr::{RootSpan, RootSpanLayer};

use super::site::*;

fn offering(lines: &'static [Line]) -> Router {
    let page = move |span: RootSpan| async move {
        // As an engine does that serializes its context.
        let _context =
            serde_json::json!({ "meta_tags": span.meta_tags(), "trace": span.trace_data() });
        (
            AppendHeaders(lines.to_vec()),
            Body::from(format!("{BEFORE}{AFTER}")),
        )
    };
    Router::new().route("/pages/{id}", get(page))
}

#[tokio::test]
async fn they_are_inserted() {
    let answer = get_from(offering(&[HTML]), RootSpanLayer::new().inject_tags(true)).await;
    assert_eq!(answer.tags(), 1);
    assert_eq!(
        answer.header("content-length").unwrap(),
        answer.body.len().to_string()
    );
}

#[tokio::test]
async fn without_injection_the_page_stays_as_it_is() {
    let lines = &[HTML, FRESH, ETAG];
    let answer = get_from(offering(lines), RootSpanLayer::new()).await;
    assert_eq!(answer.text(), format!("{BEFORE}{AFTER}"));
    assert_eq!(answer.headers.len(), lines.len() + 1);
}
