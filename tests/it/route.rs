//! The route in the page and in the response: where it shows, where it stays, and where nothing is inserted.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::response::{Html, Response};
use axum::routing::get;
use futures_util::StreamExt as _;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Request};
use http_body_util::BodyExt as _;
use sentry_ssr::{CachePolicy, RootSpan, RootSpanLayer};
use tower::ServiceExt as _;

const PAGE: &str = "<!doctype html><html><head><meta charset=utf-8><title>t</title></head>";
const TAG: &str = r#"<meta name="sentry-route-name" content="%2Fusers%2F%7Bid%7D">"#;
const TRACE: &str = r#"<meta name="sentry-trace""#;
const FRESH: (&str, &str) = ("cache-control", "max-age=60");
const ASKED: (&str, &str) = ("etag", "\"v1\"");

type Lines<'a> = &'a [(&'static str, &'static str)];

/// What prints the tags of a page.
#[derive(Debug, Clone, Copy)]
enum By {
    Nobody,
    MetaTags,
    RouteTag,
    Both,
    /// Markup of the handler's own, with the trace.
    Hand,
}

impl By {
    fn print(self, span: &RootSpan) -> String {
        let (trace, route) = (span.meta_tags(), span.route_tag());
        match self {
            Self::Nobody => String::new(),
            Self::MetaTags => trace.to_string(),
            Self::RouteTag => route.to_string(),
            Self::Both => format!("{route}{trace}"),
            Self::Hand => format!(
                r#"<meta content="{}" name=sentry-trace>"#,
                span.sentry_trace()
            ),
        }
    }
}

fn headers(lines: Lines<'_>) -> HeaderMap {
    let lines = lines.iter();
    lines
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect()
}

fn router(by: By, response: Lines<'static>) -> Router {
    let page = async move |span: RootSpan| {
        let tags = by.print(&span);
        (
            headers(response),
            Html(PAGE.replace("<title>", &format!("{tags}<title>"))),
        )
    };
    Router::new()
        .route("/users/{id}", get(page))
        .route(
            "/named/{name}",
            get(async |span: RootSpan, Path(name): Path<String>| {
                span.set_name(&name);
                span.route_tag().to_string()
            }),
        )
        .fallback(async |span: RootSpan| span.route_tag().to_string())
}

/// A page that a cache may keep, at a path that no route matches.
fn unrouted() -> Router {
    Router::new().fallback(async || (headers(&[FRESH]), Html(PAGE)))
}

async fn ask(app: Router, path: &str, headers: Lines<'_>) -> (HeaderMap, String) {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = app
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let (head, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (head.headers, String::from_utf8(body.to_vec()).unwrap())
}

fn count(page: &str, what: &str) -> usize {
    page.matches(what).count()
}

/// How often a page has the route, and the trace.
async fn tags(
    by: By,
    injects: bool,
    response: Lines<'static>,
    request: Lines<'_>,
) -> (usize, usize) {
    let layer = RootSpanLayer::new().route_name(true).inject_tags(injects);
    let (_, page) = ask(router(by, response).layer(layer), "/users/7", request).await;
    (count(&page, TAG), count(&page, TRACE))
}

#[tokio::test]
async fn a_page_has_its_route_once_with_its_trace() {
    for by in [By::MetaTags, By::Both] {
        let expected = if matches!(by, By::Both) {
            (2, 1)
        } else {
            (1, 1)
        };
        assert_eq!(tags(by, false, &[], &[]).await, expected);
    }
    assert_eq!(tags(By::Nobody, true, &[], &[]).await, (1, 1));
    assert_eq!(tags(By::RouteTag, true, &[], &[]).await, (1, 1));
    assert_eq!(tags(By::RouteTag, false, &[], &[]).await, (1, 0));
    assert_eq!(tags(By::Nobody, false, &[], &[]).await, (0, 0));
}

#[tokio::test]
async fn a_page_that_a_cache_may_keep_has_its_route_and_no_trace() {
    for response in [&[FRESH], &[ASKED]] {
        assert_eq!(tags(By::MetaTags, false, response, &[]).await, (1, 0));
        assert_eq!(tags(By::Nobody, true, response, &[]).await, (1, 0));
        assert_eq!(tags(By::RouteTag, true, response, &[]).await, (1, 0));
    }
}

/// A page of one chunk for each of its pieces, whose tags are rendered before the head is sent, or after.
fn streamed(by: By, response: Lines<'static>, is_late: bool) -> Router {
    let page = async move |span: RootSpan| {
        let tags = move || by.print(&span);
        let early = (!is_late).then(&tags);
        let (before, after) = PAGE.split_once("<title>").unwrap();
        let middle = move || early.unwrap_or_else(tags);
        let pieces: [Box<dyn FnOnce() -> String + Send>; 3] = [
            Box::new(move || before.to_owned()),
            Box::new(middle),
            Box::new(move || format!("<title>{after}")),
        ];
        let stream = futures_util::stream::iter(pieces).map(|piece| Ok::<_, Infallible>(piece()));
        let mut page = Response::new(Body::from_stream(stream));
        page.headers_mut().extend(headers(response));
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        page.headers_mut().insert(CONTENT_TYPE, html);
        page
    };
    Router::new().route("/users/{id}", get(page))
}

#[tokio::test]
async fn a_page_of_every_kind_has_its_route() {
    for by in [By::Nobody, By::MetaTags, By::RouteTag, By::Hand] {
        for injects in [false, true] {
            for response in [&[][..], &[FRESH], &[ASKED]] {
                let apps = [
                    ("whole", router(by, response)),
                    ("streamed", streamed(by, response, false)),
                    (
                        "streamed, with tags after the head",
                        streamed(by, response, true),
                    ),
                ];
                for (kind, app) in apps {
                    let layer = RootSpanLayer::new().route_name(true).inject_tags(injects);
                    let (headers, page) = ask(app.layer(layer), "/users/7", &[]).await;
                    let case = format!(
                        "{kind}, {by:?}, injects: {injects}, {response:?}: {headers:?} {page}"
                    );
                    let is_expected = injects || matches!(by, By::MetaTags | By::RouteTag);
                    assert_eq!(count(&page, TAG) > 0, is_expected, "{case}");
                    let is_storable = headers
                        .get("cache-control")
                        .is_none_or(|it| !it.to_str().unwrap().contains("no-store"));
                    if is_storable && !response.is_empty() {
                        assert_eq!(count(&page, TRACE), 0, "{case}");
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn a_page_with_its_route_alone_is_for_everyone() {
    let layer = RootSpanLayer::new().route_name(true).inject_tags(true);
    let app = router(By::Nobody, &[FRESH, ("vary", "accept")]).layer(layer);
    let (headers, page) = ask(app, "/users/7", &[]).await;
    assert_eq!((count(&page, TAG), count(&page, TRACE)), (1, 0));
    assert_eq!(headers["cache-control"], "max-age=60");
    let vary = headers.get_all("vary").iter();
    assert_eq!(vary.filter(|it| *it == "accept").count(), 1);
}

#[tokio::test]
async fn nothing_is_inserted_into_a_fragment() {
    for header in [
        ("hx-request", "true"),
        ("turbo-frame", "cart"),
        ("x-up-version", "3"),
    ] {
        assert_eq!(
            tags(By::Nobody, true, &[], &[header]).await,
            (0, 0),
            "{header:?}"
        );
        assert_eq!(
            tags(By::Nobody, true, &[FRESH], &[header]).await,
            (0, 0),
            "{header:?}"
        );
    }
    let boosted = &[("hx-request", "true"), ("hx-boosted", "true")];
    assert_eq!(tags(By::Nobody, true, &[], boosted).await, (1, 1));
}

#[tokio::test]
async fn a_cache_is_told_what_the_insertion_depends_on() {
    for (injects, response, expected) in [
        (true, &[FRESH][..], true),
        (true, &[ASKED], true),
        (true, &[], false),
        (false, &[FRESH], false),
    ] {
        for request in [&[][..], &[("hx-request", "true")]] {
            let layer = RootSpanLayer::new().route_name(true).inject_tags(injects);
            let app = router(By::Nobody, response).layer(layer);
            let (headers, _) = ask(app, "/users/7", request).await;
            let vary = headers
                .get("vary")
                .is_some_and(|vary| vary.to_str().unwrap().contains("HX-Request"));
            assert_eq!(vary, expected, "{injects} {response:?} {request:?}");
        }
    }
}

/// Whether a page that a cache may keep says that it depends on what a request asks for.
async fn varies(app: Router, policy: CachePolicy) -> bool {
    varies_under(app, RootSpanLayer::new().route_name(true), policy).await
}

async fn varies_under(app: Router, layer: RootSpanLayer, policy: CachePolicy) -> bool {
    let app = app.layer(layer.inject_tags(true).cache_policy(policy));
    let (headers, _) = ask(app, "/users/7", &[]).await;
    headers.contains_key("vary")
}

#[tokio::test]
async fn a_page_that_is_the_same_for_every_request_is_stored_once() {
    let page = |by| router(by, &[FRESH]);
    assert!(varies(page(By::Nobody), CachePolicy::Untraced).await);
    for by in [By::MetaTags, By::RouteTag] {
        assert!(!varies(page(by), CachePolicy::Untraced).await, "{by:?}");
    }
    assert!(!varies(unrouted(), CachePolicy::Untraced).await);
    for policy in [CachePolicy::Keep, CachePolicy::Unstorable] {
        let is_varied = varies(page(By::RouteTag), policy).await;
        assert!(is_varied, "a fragment gets no trace: {policy:?}");
    }
    assert!(!varies(page(By::MetaTags), CachePolicy::Keep).await);
}

#[tokio::test]
async fn a_stored_page_with_inserted_tags_varies_without_a_route_too() {
    let varies =
        async |by, policy| varies_under(router(by, &[FRESH]), RootSpanLayer::new(), policy).await;
    for policy in [CachePolicy::Keep, CachePolicy::Unstorable] {
        assert!(varies(By::Nobody, policy).await, "{policy:?}");
        assert!(!varies(By::MetaTags, policy).await, "{policy:?}");
    }
    assert!(!varies(By::Nobody, CachePolicy::Untraced).await);
}

#[tokio::test]
async fn every_response_has_the_route_in_a_header() {
    let layer = RootSpanLayer::new().route_name(true);
    for request in [&[][..], &[("hx-request", "true")]] {
        let app = router(By::Nobody, &[]).layer(layer.clone());
        let (headers, _) = ask(app, "/users/7", request).await;
        assert_eq!(headers["sentry-route-name"], "%2Fusers%2F%7Bid%7D");
    }
    let app = router(By::Nobody, &[]).layer(layer.clone());
    let (headers, page) = ask(app, "/named/a%20%22b%22", &[]).await;
    assert_eq!(headers["sentry-route-name"], "a%20%22b%22");
    assert_eq!(
        page,
        r#"<meta name="sentry-route-name" content="a%20%22b%22">"#
    );

    let (headers, page) = ask(router(By::Nobody, &[]).layer(layer), "/secret/path", &[]).await;
    assert_eq!(headers.get("sentry-route-name"), None, "a path never shows");
    assert_eq!(page, "");
}

#[tokio::test]
async fn a_route_too_long_for_a_header_is_in_the_page_alone() {
    for (length, is_sent) in [(1024, true), (1025, false)] {
        let name = "a".repeat(length);
        let layer = RootSpanLayer::new().route_name(true);
        let app = router(By::Nobody, &[]).layer(layer);
        let (headers, page) = ask(app, &format!("/named/{name}"), &[]).await;
        assert_eq!(
            headers.contains_key("sentry-route-name"),
            is_sent,
            "{length}"
        );
        assert!(page.contains(&format!("content=\"{name}\"")), "{length}");
    }
}

#[tokio::test]
async fn without_the_option_nothing_shows_but_what_a_template_prints() {
    let layer = RootSpanLayer::new().inject_tags(true);
    let app = router(By::Nobody, &[FRESH]).layer(layer);
    let (headers, page) = ask(app, "/users/7", &[]).await;
    assert_eq!(count(&page, TAG), 0);
    assert_eq!(headers.get("sentry-route-name"), None);
    assert_eq!(headers.get("vary"), None);
}

#[tokio::test]
async fn a_header_of_the_handler_stays() {
    let layer = RootSpanLayer::new().route_name(true);
    let app = router(By::Nobody, &[("sentry-route-name", "mine")]).layer(layer);
    let (headers, _) = ask(app, "/users/7", &[]).await;
    assert_eq!(headers["sentry-route-name"], "mine");
}
