//! A site of one page, bare and under layers.

use std::fmt::Write as _;

use axum::Router;
use axum::extract::Request;
use axum::response::{Html, Response};
use axum::routing::get;
use sentry_ssr::RootSpanLayer;
use sentry_tower::{NewSentryLayer, SentryHttpLayer};
use tower::util::MapResponseLayer;

const HEAD: &str = "<!doctype html><html><head><meta charset=\"utf-8\">";
const PAGE: usize = 2048;

/// A page of two kilobytes, with these tags in its head.
fn page(tags: impl std::fmt::Display) -> Html<String> {
    let mut page = String::with_capacity(PAGE);
    page.push_str(HEAD);
    let _infallible = write!(page, "{tags}");
    page.push_str("</head><body>");
    page.extend(std::iter::repeat_n(
        "Hello, world! ",
        (PAGE - page.len()) / 14,
    ));
    Html(page)
}

pub(crate) fn bare() -> Router {
    Router::new().route("/users/{id}", get(|| async { page("") }))
}

/// Under a layer that does nothing.
pub(crate) fn idle() -> Router {
    bare().layer(MapResponseLayer::new(|response: Response| response))
}

pub(crate) fn ours() -> Router {
    Router::new()
        .route(
            "/users/{id}",
            get(|| async { page(sentry_ssr::meta_tags()) }),
        )
        .layer(RootSpanLayer::new())
}

pub(crate) fn sentry_tower() -> Router {
    bare()
        .layer(SentryHttpLayer::new().enable_transaction())
        .layer(NewSentryLayer::<Request>::new_from_top())
}
