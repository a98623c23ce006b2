//! A page with a trace in it is one visitor's, and says so to caches.

use sentry_ssr::{CachePolicy, RootSpanLayer};

use super::site::*;

fn injecting() -> RootSpanLayer {
    RootSpanLayer::new().inject_tags(true)
}

/// What a page may say without keeping a cache with a lifetime of its own from it.
const SILENT: &[&[Line]] = &[
    &[HTML],
    &[HTML, ("cache-control", "")],
    &[HTML, ("cache-control", "must-revalidate")],
    &[HTML, ("cache-control", "max-age=soon")],
    &[HTML, ("cache-control", "private=\"set-cookie\"")],
    &[HTML, ("cache-control", "x=\"private\"")],
    &[HTML, ("expires", "0")],
    &[HTML, ("pragma", "no-cache")],
    &[HTML, ("vary", "cookie")],
    &[HTML, ("set-cookie", "a=b")],
];

#[tokio::test]
async fn a_page_that_says_nothing_is_sent_as_private() {
    for lines in SILENT {
        for app in [
            page(lines, tags),
            foreign(lines, "<!doctype html><title>t</title>"),
        ] {
            let answer = get_from(app, injecting()).await;
            assert_eq!(answer.tags(), 1, "{lines:?}");
            let control = answer.cache_control();
            assert!(control.starts_with("private"), "{lines:?}: {control}");
        }
    }
}

#[tokio::test]
async fn what_it_says_stays() {
    let lines = &[
        HTML,
        ("cache-control", "must-revalidate"),
        ("expires", "0"),
        ("vary", "cookie"),
    ];
    let answer = get_from(page(lines, tags), injecting()).await;
    assert_eq!(answer.cache_control(), "private, must-revalidate");
    assert_eq!(answer.header("expires").unwrap(), "0");
    assert_eq!(answer.header("vary").unwrap(), "cookie");
}

#[tokio::test]
async fn no_store_and_no_cache_are_made_private_for_caches_that_pass_over_them() {
    for control in ["no-store", "no-cache", "no-store, max-age=600", "max-age=0"] {
        let lines = Box::leak(Box::new([HTML, ("cache-control", control)]));
        let answer = get_from(page(lines, tags), injecting()).await;
        assert_eq!(answer.tags(), 1, "{control}");
        assert_eq!(answer.cache_control(), format!("private, {control}"));
    }
}

#[tokio::test]
async fn public_is_taken_back() {
    let lines = &[
        HTML,
        ("cache-control", "public, max-age=0, must-revalidate"),
    ];
    let answer = get_from(page(lines, tags), injecting()).await;
    assert_eq!(
        answer.cache_control(),
        "private, max-age=0, must-revalidate"
    );
}

#[tokio::test]
async fn a_page_that_has_no_place_for_tags_says_what_it_said() {
    let answer = get_from(foreign(&[HTML], "<p>A fragment."), injecting()).await;
    assert!(answer.is_silent());
    assert_eq!(answer.header("cache-control"), None);
}

#[tokio::test]
async fn a_private_page_stays_as_it_is() {
    for control in [
        "private",
        "private, no-store",
        "Private",
        "max-age=0, private",
    ] {
        let lines = Box::leak(Box::new([HTML, ("cache-control", control)]));
        let answer = get_from(page(lines, tags), injecting()).await;
        assert_eq!(answer.cache_control(), control);
    }
}

#[tokio::test]
async fn one_that_is_only_revalidated_is_private_too() {
    for lines in [
        &[HTML, ETAG] as &[Line],
        &[HTML, ETAG, ("cache-control", "no-cache")],
        &[
            HTML,
            ETAG,
            ("cache-control", "public, max-age=0, must-revalidate"),
        ],
    ] {
        for app in [
            page(lines, tags),
            foreign(lines, "<!doctype html><title>t</title>"),
        ] {
            let answer = get_from(app, injecting()).await;
            assert!(
                answer.has_trace_in_headers() && !answer.has_trace_in_page(),
                "{lines:?}"
            );
            assert!(answer.is_private(), "{lines:?}: {}", answer.cache_control());
        }
    }
}

#[tokio::test]
async fn a_trace_is_no_business_of_a_cdn_with_a_header_of_its_own() {
    let lines = &[
        HTML,
        ETAG,
        ("cdn-cache-control", "no-cache"),
        ("cache-control", "no-store"),
    ];
    let answer = get_from(page(lines, tags), injecting()).await;
    assert!(answer.is_silent(), "{answer:?}");
}

#[tokio::test]
async fn a_page_without_a_trace_says_what_it_said() {
    for lines in [&[HTML] as &[Line], &[HTML, FRESH], &[HTML, FRESH, ETAG]] {
        let answer = get_from(page(lines, |_| AFTER.into()), RootSpanLayer::new()).await;
        let before = lines.iter().find(|(name, _)| *name == "cache-control");
        assert_eq!(
            answer.header("cache-control").as_deref(),
            before.map(|line| line.1)
        );
    }
    let data = &[("content-type", "application/json")];
    let answer = get_from(page(data, |_| "{}".into()), injecting()).await;
    assert_eq!(answer.header("cache-control"), None);
}

#[tokio::test]
async fn a_page_that_is_made_unstorable_is_private() {
    let layer = injecting().cache_policy(CachePolicy::Unstorable);
    let answer = get_from(page(&[HTML, FRESH], tags), layer).await;
    assert_eq!(answer.cache_control(), "private, no-store");
}

#[tokio::test]
async fn unstorable_loses_every_header_of_a_cache() {
    const LINES: &[Line] = &[
        HTML,
        FRESH,
        ETAG,
        ("akamai-cache-control", "max-age=60"),
        ("edge-control", "!no-store, cache-maxage=60"),
        ("x-litespeed-cache-control", "public, max-age=60"),
        ("netlify-cdn-cache-control", "max-age=60"),
        ("cloudflare-cdn-cache-control", "max-age=60"),
        ("surrogate-control", "max-age=60;varnish"),
        ("x-accel-expires", "@1795000000"),
        ("x-reverse-proxy-ttl", "60"),
        ("expires", "soon"),
        ("pragma", "public"),
        ("age", "3"),
    ];
    let layer = injecting().cache_policy(CachePolicy::Unstorable);
    let answer = get_from(page(LINES, tags), layer).await;
    assert_eq!(answer.tags(), 1);
    for (name, _) in LINES.iter().skip(2) {
        assert_eq!(answer.header(name), None, "{name}");
    }
}

#[tokio::test]
async fn keep_leaves_all_as_it_is() {
    for lines in [&[HTML] as &[Line], &[HTML, ETAG], &[HTML, FRESH, ETAG]] {
        let layer = RootSpanLayer::new().cache_policy(CachePolicy::Keep);
        let answer = get_from(page(lines, tags), layer).await;
        assert_eq!(
            answer.headers.len(),
            lines.len() + 1,
            "and its length: {:?}",
            answer.headers
        );
        assert_eq!(answer.tags(), 1);
    }
}
