//! A layer inside of another: its page options and its cache policy count for its routes.

use axum::Router;
use sentry_ssr::{CachePolicy, RootSpanLayer};
use std::time::Duration;

use super::site::*;

fn under(inner: RootSpanLayer, lines: &'static [Line]) -> Router {
    foreign(lines, "<!doctype html><title>t</title>").layer(inner)
}

#[tokio::test]
async fn the_inner_one_inserts_its_tags() {
    let app = under(RootSpanLayer::new().inject_tags(true), &[HTML]);
    let answer = get_from(app, RootSpanLayer::new()).await;
    assert_eq!(answer.tags(), 1);
    assert!(
        answer.text().contains(TRACE_ID),
        "the span is the outer one's"
    );
}

#[tokio::test]
async fn both_insert_them_once() {
    let app = under(
        RootSpanLayer::new().inject_tags(true).server_timing(true),
        &[HTML],
    );
    let answer = get_from(
        app,
        RootSpanLayer::new().inject_tags(true).server_timing(true),
    )
    .await;
    assert_eq!(answer.tags(), 1);
    assert_eq!(answer.headers.get_all("server-timing").iter().count(), 1);
}

#[tokio::test]
async fn the_outer_one_does_not_insert_tags_into_the_pages_of_the_inner_one() {
    let app = under(RootSpanLayer::new(), &[HTML]);
    let answer = get_from(app, RootSpanLayer::new().inject_tags(true)).await;
    assert!(answer.is_silent());
}

#[tokio::test]
async fn the_policy_of_the_inner_one_counts() {
    let unstorable = RootSpanLayer::new()
        .inject_tags(true)
        .cache_policy(CachePolicy::Unstorable);
    let answer = get_from(under(unstorable, &[HTML, FRESH]), RootSpanLayer::new()).await;
    assert_eq!(answer.tags(), 1);
    assert!(answer.is_unstorable());

    let keep = RootSpanLayer::new()
        .inject_tags(true)
        .cache_policy(CachePolicy::Keep);
    let answer = get_from(under(keep, &[HTML, FRESH]), RootSpanLayer::new()).await;
    assert_eq!(answer.tags(), 1);
    assert_eq!(answer.cache_control(), "max-age=60");
}

#[tokio::test]
async fn so_do_its_header_and_its_guard() {
    let inner = RootSpanLayer::new()
        .server_timing(true)
        .stale_guard(Duration::from_secs(60));
    let answer = get_from(under(inner, &[HTML]), RootSpanLayer::new()).await;
    assert!(answer.has_trace_in_headers());
    assert!(answer.text().contains("<script>"));
}

#[tokio::test]
async fn routes_outside_of_the_inner_one_are_the_outer_ones() {
    let inner = under(RootSpanLayer::new(), &[HTML]);
    let outer = foreign(&[HTML], "<!doctype html><title>o</title>");
    let app = Router::new().nest("/inner", inner).merge(outer);
    let answer = get_from(app, RootSpanLayer::new().inject_tags(true)).await;
    assert_eq!(answer.tags(), 1);
}
