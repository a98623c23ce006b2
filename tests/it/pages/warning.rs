//! The warning about pages that lose their tags: by route, never by path.

use axum::Router;
use http::Request;
use sentry_ssr::{RootSpan, RootSpanLayer};

use super::site::*;
use crate::support::log::Log;

/// What is logged while so many paths are visited.
async fn logged(app: Router, visits: usize) -> Log {
    let (log, _guard) = Log::start();
    for visit in 0..visits {
        let path = format!("/pages/secret{visit}");
        let answer = ask(&app, Request::get(path).header("accept", "text/html")).await;
        assert!(answer.is_silent() || answer.is_unstorable());
    }
    log
}

fn losing() -> Router {
    page(&[HTML, FRESH], |span| {
        format!("{BEFORE}{}{AFTER}", tags(span))
    })
}

#[tokio::test]
async fn a_route_is_logged_once_and_by_its_pattern() {
    let log = logged(losing().layer(RootSpanLayer::new()), 50).await;
    let warnings = log.warnings();
    assert_eq!(warnings.len(), 1, "{}", log.text());
    assert!(warnings[0].contains("/pages/{id}"), "{}", log.text());
    assert!(
        warnings[0].contains("cache-control: max-age"),
        "{}",
        log.text()
    );
    assert!(!log.text().contains("secret"), "{}", log.text());
}

#[tokio::test]
async fn a_fallback_is_logged_once_without_its_paths() {
    let fallback = |span: RootSpan| async move {
        let page = format!("{BEFORE}{}{AFTER}", span.meta_tags());
        (
            axum::response::AppendHeaders([HTML, FRESH]),
            axum::body::Body::from(page),
        )
    };
    let log = logged(
        Router::new().fallback(fallback).layer(RootSpanLayer::new()),
        50,
    )
    .await;
    assert_eq!(log.warnings().len(), 1, "{}", log.text());
    assert!(log.warnings()[0].contains("no route"), "{}", log.text());
    assert!(!log.text().contains("secret"), "{}", log.text());
}

#[tokio::test]
async fn around_the_whole_router_no_path_is_logged() {
    let inside = losing();
    let app = Router::new().fallback_service(tower::Layer::layer(&RootSpanLayer::new(), inside));
    let log = logged(app, 50).await;
    assert_eq!(log.warnings().len(), 1, "{}", log.text());
    assert!(!log.text().contains("secret"), "{}", log.text());
}

#[tokio::test]
async fn a_page_that_keeps_its_trace_is_not_logged_as_one_that_lost_it() {
    let app = page(&[HTML, FRESH], |span| {
        format!("{BEFORE}<i>{}</i>{AFTER}", span.sentry_trace())
    });
    let log = logged(app.layer(RootSpanLayer::new()), 50).await;
    let warnings = log.warnings();
    assert_eq!(warnings.len(), 1, "{}", log.text());
    assert!(warnings[0].contains("/pages/{id}"), "{}", log.text());
    assert!(warnings[0].contains("sent as `no-store`"), "{}", log.text());
    assert!(!log.text().contains("without its trace"), "{}", log.text());
}
