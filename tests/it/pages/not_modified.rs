//! A `304` renews what the visitor has stored, so it has the `ETag` of the `200`.

use axum::Router;
use axum::body::Body;
use axum::http::HeaderMap;
use axum::response::AppendHeaders;
use axum::routing::get;
use http::StatusCode;
use sentry_ssr::{RootSpan, RootSpanLayer};

use super::site::*;

/// A page that answers `304` where the visitor has it, by a weak comparison.
fn app(etag: &'static str, write: fn(&RootSpan) -> String) -> Router {
    let page = move |span: RootSpan, headers: HeaderMap| async move {
        let known = headers.get("if-none-match");
        let is_known = known.is_some_and(|known| {
            known
                .to_str()
                .unwrap()
                .contains(etag.trim_start_matches("W/"))
        });
        let lines = AppendHeaders([HTML, ("etag", etag)]);
        if is_known {
            (StatusCode::NOT_MODIFIED, lines, Body::empty())
        } else {
            (
                StatusCode::OK,
                lines,
                Body::from(format!("{BEFORE}{}{AFTER}", write(&span))),
            )
        }
    };
    Router::new().route("/pages/{id}", get(page))
}

async fn etags(app: Router, layer: RootSpanLayer) -> (String, String) {
    let app = app.layer(layer);
    let first = ask(&app, request()).await;
    let etag = first.header("etag").unwrap();
    let second = ask(&app, request().header("if-none-match", &etag)).await;
    assert_eq!(second.status, 304);
    (etag, second.header("etag").unwrap())
}

#[tokio::test]
async fn a_304_has_the_etag_of_the_200() {
    let guarded = || RootSpanLayer::new().stale_guard(std::time::Duration::from_secs(60));
    for (etag, write, layer, expected) in [
        (
            "\"v1\"",
            tags as fn(&RootSpan) -> String,
            RootSpanLayer::new(),
            "W/\"v1\"",
        ),
        ("\"v1\"", nothing, guarded(), "W/\"v1\""),
        ("\"v1\"", nothing, RootSpanLayer::new(), "\"v1\""),
        ("W/\"v1\"", tags, RootSpanLayer::new(), "W/\"v1\""),
        ("W/\"v1\"", nothing, RootSpanLayer::new(), "W/\"v1\""),
    ] {
        let (first, second) = etags(app(etag, write), layer).await;
        assert_eq!((&*first, &*second), (expected, expected), "{etag}");
    }
}

#[tokio::test]
async fn it_goes_by_the_one_that_the_visitor_has() {
    for (known, expected) in [
        ("W/\"v1\"", "W/\"v1\""),
        ("\"v1\"", "\"v1\""),
        ("\"v0\", W/\"v1\"", "W/\"v1\""),
        ("W/\"v0\",W/\"v1\"", "W/\"v1\""),
        ("W/\"v1\", \"v1\"", "\"v1\""),
        ("W/\"a,b\", \"v1\"", "\"v1\""),
        ("W/\"xv1\", W/\"v1\"", "W/\"v1\""),
    ] {
        let app = app("\"v1\"", nothing).layer(RootSpanLayer::new());
        let answer = ask(&app, request().header("if-none-match", known)).await;
        assert_eq!(answer.status, 304);
        assert_eq!(answer.header("etag").unwrap(), expected, "{known}");
    }
}

#[tokio::test]
async fn a_comma_may_be_part_of_it() {
    let app = app("\"a,b\"", nothing).layer(RootSpanLayer::new());
    let answer = ask(&app, request().header("if-none-match", "\"x\", W/\"a,b\"")).await;
    assert_eq!(answer.header("etag").unwrap(), "W/\"a,b\"");
}
