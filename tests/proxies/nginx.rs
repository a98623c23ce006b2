//! nginx keeps what the headers of a page let it keep, and nothing that carries a trace.

use std::collections::HashSet;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::AppendHeaders;
use axum::routing::get;
use sentry_ssr::{CachePolicy, RootSpan, RootSpanLayer};
use tokio::time::sleep;

use crate::example;
use crate::proxy::Proxy;
use crate::site::{ETAG, HTML, Lines};

const DATED: (&str, &str) = ("last-modified", "Thu, 19 Nov 1981 08:52:00 GMT");

/// Each page, and how nginx answers the second request for it.
const PAGES: &[(&str, Lines, &str)] = &[
    ("/silent", &[HTML], "MISS"),
    ("/no-store", &[HTML, ("cache-control", "no-store")], "MISS"),
    ("/etag", &[HTML, ETAG], "MISS"),
    ("/dated", &[HTML, DATED], "MISS"),
    (
        "/no-cache",
        &[HTML, ETAG, ("cache-control", "no-cache")],
        "MISS",
    ),
    ("/fresh", &[HTML, ("cache-control", "max-age=60")], "HIT"),
    (
        "/fresh-etag",
        &[HTML, ETAG, ("cache-control", "public, max-age=60")],
        "HIT",
    ),
    (
        "/shared",
        &[HTML, ("cache-control", "max-age=0, s-maxage=60")],
        "HIT",
    ),
    (
        "/quoted",
        &[HTML, ("cache-control", "x=\"a, max-age=60, b\"")],
        "HIT",
    ),
    (
        "/semicolon",
        &[HTML, ("cache-control", "public; max-age=60")],
        "HIT",
    ),
    (
        "/expires",
        &[HTML, ("expires", "Wed, 25 Nov 2076 02:00:00 GMT")],
        "HIT",
    ),
    ("/accel", &[HTML, ("x-accel-expires", "60")], "HIT"),
    (
        "/aged",
        &[HTML, ("cache-control", "max-age=60"), ("age", "600")],
        "HIT",
    ),
];

/// A page that has to be revalidated once it is stale, and yet is served once more.
const STALE: Lines = &[
    HTML,
    (
        "cache-control",
        "max-age=1, must-revalidate, stale-while-revalidate=60",
    ),
];

fn app(layer: RootSpanLayer) -> Router {
    let mut app = Router::new();
    for (path, lines, _) in PAGES.iter().copied().chain([("/stale", STALE, "")]) {
        let own = move |span: RootSpan| async move {
            let page = format!("<!doctype html><head>{}<title>t</title>", span.meta_tags());
            (AppendHeaders(lines.to_vec()), Body::from(page))
        };
        let foreign = move || async move {
            let page = Body::from("<!doctype html><head><title>t</title>");
            (AppendHeaders(lines.to_vec()), page)
        };
        app = app.route(&format!("/own{path}"), get(own));
        app = app.route(&format!("/foreign{path}"), get(foreign));
    }
    app.layer(layer)
}

/// The pages of the caches example, and how nginx answers the second request for each.
const EXAMPLE: &[(&str, &str)] = &[("never", "MISS"), ("asked", "MISS"), ("fresh", "HIT")];

/// Where the example serves them by the policy that holds where none is chosen.
const BY_DEFAULT: &[&str] = &[
    "/tags",
    "/tags/guarded",
    "/header",
    "/header/guarded",
    "/both/guarded",
];

fn example() -> Router {
    let browser = example::server::Browser {
        sdk: "/sdk.js".to_owned(),
        dsn: None,
        release: None,
        environment: None,
        spotlight: false,
    };
    example::app(RootSpanLayer::new(), browser)
}

/// The traces that come with a page, and what nginx says of its cache.
async fn trace_and_cache(proxy: &Proxy, path: &str) -> (HashSet<String>, String) {
    let answer = proxy.get(path).await;
    assert!(answer.page.starts_with("<!doctype html>") && answer.page.contains("</title>"));
    (answer.traces(), answer.header("x-cache"))
}

#[tokio::test]
#[ignore = "needs proxies: tests/proxies.sh"]
async fn no_trace_is_served_twice() {
    let proxy = Proxy::nginx(
        app(RootSpanLayer::new().inject_tags(true).server_timing(true)),
        "",
    )
    .await;
    let mut seen = HashSet::new();
    for (path, _, expected) in PAGES {
        for kind in ["own", "foreign"] {
            for turn in 0..3 {
                let (traces, cache) = trace_and_cache(&proxy, &format!("/{kind}{path}")).await;
                let expected = if turn == 0 { "MISS" } else { *expected };
                assert_eq!(cache, expected, "{kind}{path}");
                for trace in traces {
                    assert!(seen.insert(trace), "{kind}{path} served a trace twice");
                }
            }
        }
    }
    assert!(
        seen.len() >= 2 * 3 * 2,
        "the pages that no cache keeps are traced"
    );
}

#[tokio::test]
#[ignore = "needs proxies: tests/proxies.sh"]
async fn no_trace_of_the_example_is_served_twice() {
    let proxy = Proxy::nginx(example(), "").await;
    let mut seen = HashSet::new();
    for way in BY_DEFAULT {
        for (page, expected) in EXAMPLE {
            let path = format!("{way}/{page}");
            for turn in 0..3 {
                let (traces, cache) = trace_and_cache(&proxy, &path).await;
                assert_eq!(cache, if turn == 0 { "MISS" } else { *expected }, "{path}");
                for trace in traces {
                    assert!(seen.insert(trace), "{path} served a trace twice");
                }
            }
        }
    }
    assert_eq!(
        seen.len(),
        BY_DEFAULT.len() * 2 * 3,
        "the pages that nginx does not keep are traced"
    );
}

#[tokio::test]
#[ignore = "needs proxies: tests/proxies.sh"]
async fn a_stale_page_is_served_without_a_trace() {
    let proxy = Proxy::nginx(app(RootSpanLayer::new().inject_tags(true)), "").await;
    for kind in ["own", "foreign"] {
        let path = format!("/{kind}/stale");
        trace_and_cache(&proxy, &path).await;
        sleep(Duration::from_millis(2100)).await;
        let (traces, cache) = trace_and_cache(&proxy, &path).await;
        assert_eq!(cache, "STALE");
        assert!(traces.is_empty());
    }
}

#[tokio::test]
#[ignore = "needs proxies: tests/proxies.sh"]
async fn made_unstorable_a_page_is_never_served_from_the_cache() {
    let layer = RootSpanLayer::new()
        .inject_tags(true)
        .cache_policy(CachePolicy::Unstorable);
    let proxy = Proxy::nginx(app(layer), "").await;
    let mut seen = HashSet::new();
    for (path, _, _) in PAGES {
        for _ in 0..2 {
            let (traces, cache) = trace_and_cache(&proxy, &format!("/own{path}")).await;
            assert_eq!(cache, "MISS", "{path}");
            assert!(!traces.is_empty(), "{path}");
            assert!(traces.into_iter().all(|trace| seen.insert(trace)), "{path}");
        }
    }
}

/// The danger is real: what the other tests rule out happens where it is let.
#[tokio::test]
#[ignore = "needs proxies: tests/proxies.sh"]
async fn kept_as_it_is_a_page_is_served_with_the_first_trace() {
    let layer = RootSpanLayer::new().cache_policy(CachePolicy::Keep);
    for (app, path) in [(app(layer), "/own/fresh"), (example(), "/kept/fresh")] {
        let proxy = Proxy::nginx(app, "").await;
        let (first, _) = trace_and_cache(&proxy, path).await;
        let (second, cache) = trace_and_cache(&proxy, path).await;
        assert_eq!(cache, "HIT");
        assert_eq!(first, second);
        assert!(!first.is_empty());
    }
}
