//! The examples for the template engines: the tags are in the head, escaped neither twice nor never.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use sentry_ssr::testing::{HeadReport, assert_traced};
use tower::ServiceExt as _;

use crate::support::ids::{SENTRY_TRACE, TRACE_ID};

/// Takes an example in as a module.
macro_rules! example {
    ($name:ident, $path:literal) => {
        #[path = $path]
        #[expect(dead_code, reason = "the test does not run `main`")]
        mod $name;
    };
}

example!(no_engine, "../../../examples/no_engine.rs");
example!(handlebars_page, "../../../examples/handlebars.rs");
example!(maud_page, "../../../examples/maud.rs");
example!(minijinja_page, "../../../examples/minijinja.rs");
example!(tera_page, "../../../examples/tera.rs");

fn apps() -> [(&'static str, Router); 5] {
    [
        ("format!", no_engine::app()),
        ("handlebars", handlebars_page::app().unwrap()),
        ("maud", maud_page::app()),
        ("minijinja", minijinja_page::app().unwrap()),
        ("tera", tera_page::app().unwrap()),
    ]
}

async fn page(app: Router, request: Request<Body>) -> String {
    let response = app.oneshot(request).await.unwrap();
    let body = response.into_body().collect().await.unwrap();
    String::from_utf8(body.to_bytes().to_vec()).unwrap()
}

#[tokio::test]
async fn a_page_hands_on_a_trace_of_its_own() {
    for (engine, app) in apps() {
        let page = page(app, Request::new(Body::empty())).await;
        assert_traced(&page);
        assert!(page.contains(&format!("<title>A page by {engine}</title>")));
    }
}

#[tokio::test]
async fn a_page_hands_on_the_trace_that_came_in() {
    for (engine, app) in apps() {
        let request = Request::get("/")
            .header("sentry-trace", SENTRY_TRACE)
            .header(
                "baggage",
                format!("sentry-trace_id={TRACE_ID},sentry-release=a%26%22b"),
            )
            .body(Body::empty());
        let page = page(app, request.unwrap()).await;
        assert_traced(&page);
        let report = HeadReport::of(&page);
        assert_eq!(report.trace_id(), Some(TRACE_ID), "{engine}");
        assert!(
            report
                .baggage()
                .unwrap()
                .contains("sentry-release=a%26%22b"),
            "{engine}"
        );
    }
}

const HOSTILE: &str = r#"sentry-release="><script>'&amp;<b>,sentry-transaction={{1111*1111}}"#;

/// What a client sends stays inside the attribute.
#[tokio::test]
async fn a_hostile_header_does_not_become_markup() {
    for (engine, app) in apps() {
        let request = Request::get("/")
            .header("sentry-trace", SENTRY_TRACE)
            .header("baggage", format!("sentry-trace_id={TRACE_ID},{HOSTILE}"))
            .body(Body::empty());
        let page = page(app, request.unwrap()).await;
        assert_traced(&page);
        assert!(!page.contains("<script"), "{engine}: {page}");
        assert!(!page.contains("1234321"), "{engine}: {page}");
    }
}
