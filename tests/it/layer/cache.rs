//! Pages that a cache may hand out again.

use http::{Method, Request};
use sentry_ssr::{CachePolicy, RootSpanLayer};

use super::{
    ASKED, ETAG, FRESH, HTML, Lines, PAGE, ask, foreign, get_from, injecting, own, request,
    streamed,
};
use crate::support::log::Log;

#[tokio::test]
async fn a_page_that_can_be_replayed_carries_no_trace() {
    for layer in [RootSpanLayer::new(), injecting()] {
        let answer = get_from(own(&[HTML, FRESH]), layer).await;
        assert!(answer.is_silent());
        assert_eq!(answer.text(), "<!doctype html><head><title>t</title>");
        assert_eq!(answer.length(), Some(answer.body.len()));
    }
    let answer = get_from(foreign(200, &[HTML, FRESH], PAGE), injecting()).await;
    assert_eq!(answer.text(), PAGE);
}

#[tokio::test]
async fn a_page_that_is_revalidated_sends_its_trace_in_the_header() {
    for lines in [&[HTML, ETAG] as Lines, &[HTML, ETAG, ASKED]] {
        let answer = get_from(own(lines), RootSpanLayer::new()).await;
        assert_eq!(answer.text(), "<!doctype html><head><title>t</title>");
        assert!(answer.has_timing());
        assert_eq!(answer.header("etag"), Some("W/\"v1\""));
        let answer = get_from(foreign(200, lines, PAGE), injecting()).await;
        assert_eq!(answer.text(), PAGE);
        assert!(answer.has_timing());
        assert_eq!(answer.header("etag"), Some("\"v1\""));
    }
}

#[tokio::test]
async fn the_304_of_a_page_sends_the_second_trace() {
    let app = foreign(304, &[ETAG, ASKED], "").layer(RootSpanLayer::new());
    assert!(ask(&app, request(Method::GET)).await.has_timing());
    let fresh = foreign(304, &[ETAG, FRESH], "").layer(RootSpanLayer::new());
    assert!(ask(&fresh, request(Method::GET)).await.is_silent());
}

#[tokio::test]
async fn the_304_of_something_else_does_not() {
    let app = foreign(304, &[ETAG, ASKED], "").layer(RootSpanLayer::new());
    let image = Request::builder()
        .uri("/pages/1")
        .header("accept", "image/*");
    let answer = ask(&app, image).await;
    assert_eq!(answer.status, 304);
    assert_eq!(answer.header("server-timing"), None);
}

#[tokio::test]
async fn by_option_the_page_is_unstorable_instead() {
    let layer = || injecting().cache_policy(CachePolicy::Unstorable);
    let lines: Lines = &[
        HTML,
        ETAG,
        FRESH,
        ("last-modified", "Thu, 19 Nov 1981 08:52:00 GMT"),
        ("expires", "Wed, 25 Nov 2076 02:00:00 GMT"),
        ("surrogate-control", "max-age=60"),
        ("cdn-cache-control", "max-age=60"),
        ("x-accel-expires", "60"),
    ];
    for app in [own(lines), foreign(200, lines, PAGE)] {
        let answer = get_from(app, layer()).await;
        assert!(answer.around_tags().is_some());
        assert_eq!(answer.header("cache-control"), Some("private, no-store"));
        for (gone, _) in lines
            .iter()
            .skip(1)
            .filter(|line| line.0 != "cache-control")
        {
            assert_eq!(answer.header(gone), None, "{gone}");
        }
    }
}

#[tokio::test]
async fn a_page_without_a_trace_stays_storable() {
    let layer = RootSpanLayer::new().cache_policy(CachePolicy::Unstorable);
    let answer = get_from(foreign(200, &[HTML, FRESH, ETAG], PAGE), layer).await;
    assert_eq!(answer.header("cache-control"), Some("max-age=60"));
    assert_eq!(answer.header("etag"), Some("\"v1\""));
}

#[tokio::test]
async fn by_option_everything_stays_as_it_is() {
    let layer = || injecting().cache_policy(CachePolicy::Keep);
    for app in [own(&[HTML, FRESH]), foreign(200, &[HTML, FRESH], PAGE)] {
        let answer = get_from(app, layer()).await;
        assert!(answer.around_tags().is_some());
        assert_eq!(answer.header("cache-control"), Some("max-age=60"));
    }
}

#[tokio::test]
async fn tags_that_are_rendered_while_the_page_is_sent_are_removed() {
    let app = streamed(&[HTML, FRESH], |at| match at {
        0 => Some("<!doctype html><head>".into()),
        1 => Some(sentry_ssr::meta_tags().to_string()),
        2 => Some("<title>t</title>".into()),
        _ => None,
    });
    let answer = get_from(app, RootSpanLayer::new()).await;
    assert_eq!(answer.text(), "<!doctype html><head><title>t</title>");
}

#[tokio::test]
async fn a_page_without_tags_keeps_its_length_and_etag() {
    let lines = &[HTML, FRESH, ETAG, ("content-length", "5")];
    let app = streamed(lines, |at| (at == 0).then(|| "<p>Hi".into()));
    let answer = get_from(app, RootSpanLayer::new()).await;
    assert_eq!(answer.length(), Some(5));
    assert_eq!(answer.header("etag"), Some("\"v1\""));
}

#[tokio::test]
async fn tags_that_cannot_be_removed_are_kept_from_caches() {
    const GZIP: (&str, &str) = ("content-encoding", "gzip");
    let answer = get_from(own(&[HTML, FRESH, ETAG, GZIP]), RootSpanLayer::new()).await;
    assert!(answer.around_tags().is_some());
    assert_eq!(answer.header("cache-control"), Some("private, no-store"));
    assert_eq!(answer.header("etag"), None);
}

#[tokio::test]
async fn a_route_that_loses_its_tags_is_logged_once() {
    let (log, _guard) = Log::start();
    let app = own(&[HTML, FRESH]).layer(RootSpanLayer::new());
    let quiet = foreign(200, &[HTML, FRESH], PAGE).layer(RootSpanLayer::new());
    for app in [&app, &app, &quiet] {
        ask(app, request(Method::GET)).await;
    }
    let warnings = log.warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    for part in [
        "WARN",
        "route=\"/pages/{id}\"",
        "reason=cache-control: max-age",
    ] {
        assert!(warnings[0].contains(part), "{warnings:?}");
    }
}
