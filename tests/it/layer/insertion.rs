//! Tags that the layer inserts.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::AppendHeaders;
use http::Method;
use sentry_ssr::{RootSpan, RootSpanLayer};
use tower::ServiceExt;

use super::{ETAG, HTML, Lines, PAGE, ask, foreign, get_from, injecting, own, request, streamed};
use crate::support::ids::TRACE_ID;

#[tokio::test]
async fn is_off_by_default() {
    let answer = get_from(foreign(200, &[HTML], PAGE), RootSpanLayer::new()).await;
    assert_eq!(answer.text(), PAGE);
    assert!(answer.is_silent());
}

#[tokio::test]
async fn puts_the_tags_behind_the_charset_and_corrects_the_length() {
    let answer = get_from(foreign(200, &[HTML], PAGE), injecting()).await;
    let (before, after) = answer.around_tags().unwrap();
    assert_eq!(before, "<!doctype html><html><head><meta charset=utf-8>");
    assert_eq!(after, "<title>t</title></head>");
    assert_eq!(answer.length(), Some(answer.body.len()));
}

#[tokio::test]
async fn corrects_a_length_that_the_page_has_announced() {
    let lines = &[HTML, ("content-length", "70")];
    let answer = get_from(foreign(200, lines, PAGE), injecting()).await;
    assert_eq!(PAGE.len(), 70);
    assert!(answer.around_tags().is_some());
    assert_eq!(answer.length(), Some(answer.body.len()));
}

#[tokio::test]
async fn drops_the_length_where_the_place_is_not_known_in_time() {
    let lines = &[HTML, ("content-length", "18")];
    let app = streamed(lines, |at| {
        ["<he", "ad><title>", "</t>x"]
            .get(at)
            .map(|it| (*it).into())
    });
    let answer = get_from(app, injecting()).await;
    assert_eq!(answer.around_tags(), Some(("<head>", "<title></t>x")));
    assert_eq!(answer.length(), None);
}

#[tokio::test]
async fn corrects_the_length_of_a_stream_whose_first_piece_settles_it() {
    let lines = &[HTML, ("content-length", "18")];
    let app = streamed(lines, |at| {
        ["<head><title>", "</t>x"].get(at).map(|it| (*it).into())
    });
    let answer = get_from(app, injecting()).await;
    assert_eq!(answer.around_tags(), Some(("<head>", "<title></t>x")));
    assert_eq!(answer.length(), Some(answer.body.len()));
}

#[tokio::test]
async fn leaves_xhtml_alone() {
    let lines = &[("content-type", "application/xhtml+xml")];
    let page = "<html><head><title/></head></html>";
    let answer = get_from(foreign(200, lines, page), injecting()).await;
    assert_eq!(answer.text(), page);
}

#[tokio::test]
async fn asks_the_predicate_about_request_and_response() {
    let layer = || {
        RootSpanLayer::new().inject_tags_when(|request, response| {
            request.headers.contains_key("x-page") && response.status == 200
        })
    };
    let app = foreign(200, &[HTML], PAGE).layer(layer());
    let asked = request(Method::GET).header("x-page", "1");
    assert!(ask(&app, asked).await.around_tags().is_some());
    assert!(ask(&app, request(Method::GET)).await.is_silent());
    let app = foreign(404, &[HTML], PAGE).layer(layer());
    let asked = request(Method::GET).header("x-page", "1");
    assert!(ask(&app, asked).await.is_silent());
}

#[tokio::test]
async fn leaves_alone_what_is_no_whole_plain_page() {
    const GZIP: (&str, &str) = ("content-encoding", "gzip");
    let table: [(&str, u16, Lines, &str); 7] = [
        ("no content type", 200, &[], PAGE),
        (
            "another content type",
            200,
            &[("content-type", "text/plain")],
            PAGE,
        ),
        (
            "a type that begins like HTML",
            200,
            &[("content-type", "text/html5")],
            PAGE,
        ),
        ("an encoded body", 200, &[HTML, GZIP], PAGE),
        ("a part of a page", 206, &[HTML], PAGE),
        (
            "a fragment",
            200,
            &[HTML, ETAG, ("cache-control", "no-store")],
            "<p>Hello",
        ),
        ("an empty body", 200, &[HTML], ""),
    ];
    for (name, status, lines, page) in table {
        let answer = get_from(foreign(status, lines, page), injecting()).await;
        assert_eq!(answer.text(), page, "{name}");
        assert_eq!(answer.length(), Some(page.len()), "{name}");
        assert!(answer.is_silent(), "{name}");
        assert!(
            answer.header("etag").is_none_or(|etag| etag == "\"v1\""),
            "{name}"
        );
    }
}

#[tokio::test]
async fn leaves_alone_a_page_that_has_rendered_them_itself() {
    let answer = get_from(own(&[HTML]), injecting()).await;
    assert_eq!(
        answer.around_tags(),
        Some(("<!doctype html><head>", "<title>t</title>"))
    );
}

#[tokio::test]
async fn answers_head_as_it_would_answer_get() {
    for lines in [&[HTML] as Lines, &[HTML, ("content-length", "70")]] {
        let app = foreign(200, lines, PAGE).layer(injecting());
        let whole = ask(&app, request(Method::GET)).await;
        let head = ask(&app, request(Method::HEAD)).await;
        assert_eq!(head.body.len(), 0);
        assert_eq!(head.length(), whole.length());
        assert_eq!(head.header("etag"), whole.header("etag"));
    }
}

#[tokio::test]
async fn promises_no_length_for_a_page_it_does_not_see() {
    let page = || async {
        (
            AppendHeaders([HTML, ("content-length", "70")]),
            Body::empty(),
        )
    };
    let inner = Router::new().route("/pages/{id}", axum::routing::any(page));
    let service = tower::Layer::layer(&injecting(), inner.into_service::<Body>());
    let request = request(Method::HEAD).body(Body::empty()).unwrap();
    let response = service.oneshot(request).await.unwrap();
    assert_eq!(response.headers().get("content-length"), None);
}

#[tokio::test]
async fn takes_back_what_was_said_about_the_bytes() {
    let lines = &[
        HTML,
        ETAG,
        ("cache-control", "no-store"),
        ("accept-ranges", "bytes"),
        ("content-digest", "sha-256=:x:"),
        ("repr-digest", "sha-256=:x:"),
        ("content-language", "de"),
    ];
    let answer = get_from(foreign(200, lines, PAGE), injecting()).await;
    assert!(answer.around_tags().is_some());
    assert_eq!(answer.header("etag"), Some("W/\"v1\""));
    for gone in ["accept-ranges", "content-digest", "repr-digest"] {
        assert_eq!(answer.header(gone), None, "{gone}");
    }
    assert_eq!(answer.header("content-language"), Some("de"));
}

#[tokio::test]
async fn keeps_a_weak_etag_weak() {
    let lines = &[HTML, ("etag", "W/\"v1\""), ("cache-control", "no-store")];
    let answer = get_from(foreign(200, lines, PAGE), injecting()).await;
    assert_eq!(answer.header("etag"), Some("W/\"v1\""));
}

#[tokio::test]
async fn polls_the_body_as_a_part_of_the_request() {
    let app = streamed(&[HTML], |at| {
        let trace = RootSpan::current().map(|span| span.trace_id().to_string());
        let trace = trace.unwrap_or_default();
        [format!("<head><title>{trace}"), trace].into_iter().nth(at)
    });
    let answer = get_from(app, injecting()).await;
    let after = answer.around_tags().unwrap().1;
    assert_eq!(after, format!("<title>{TRACE_ID}{TRACE_ID}"));
}

#[tokio::test]
async fn puts_a_guard_behind_the_tags_with_the_nonce_of_the_page() {
    const POLICY: &str = "style-src 'nonce-no'; script-src 'self' 'nonce-r4nd0m'";
    let lines = &[HTML, ("content-security-policy", POLICY)];
    let layer = injecting().stale_guard(Duration::from_secs(60));
    let answer = get_from(foreign(200, lines, PAGE), layer).await;
    let after = answer.around_tags().unwrap().1;
    assert!(after.starts_with("<script nonce=\"r4nd0m\">"), "{after}");
    assert!(
        after.ends_with(",60000)</script><title>t</title></head>"),
        "{after}"
    );
}
