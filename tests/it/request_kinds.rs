//! What a request is for, by its headers: a page or a fragment, now or in advance.

use http::{HeaderMap, HeaderName, HeaderValue};

use sentry_ssr::__private::{Speculation, VARY, is_fragment};

type Headers = &'static [(&'static str, &'static str)];

fn headers(pairs: Headers) -> HeaderMap {
    let pairs = pairs.iter().map(|(name, value)| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    });
    pairs.collect()
}

#[test]
fn a_page_is_asked_for() {
    const PAGES: [Headers; 9] = [
        &[],
        &[("hx-request", "true"), ("hx-boosted", "true")],
        &[
            ("hx-request", "true"),
            ("hx-history-restore-request", "true"),
        ],
        &[("hx-history-restore-request", "true")],
        &[("hx-request", "true"), ("hx-request-type", "full")],
        &[("hx-request", "false")],
        &[("hx-boosted", "true")],
        &[("x-turbo-request-id", "1")],
        &[("x-inertia", "false")],
    ];
    for pairs in PAGES {
        assert!(!is_fragment(&headers(pairs)), "{pairs:?}");
    }
}

#[test]
fn a_fragment_is_asked_for() {
    const FRAGMENTS: [Headers; 8] = [
        &[("hx-request", "true")],
        &[("hx-request", "TRUE")],
        &[("hx-request", "true"), ("hx-boosted", "false")],
        &[("hx-request", "true"), ("hx-request-type", "partial")],
        &[("turbo-frame", "cart")],
        &[("turbo-frame", "")],
        &[("x-inertia", "true")],
        &[("x-up-version", "3.12.0")],
    ];
    for pairs in FRAGMENTS {
        assert!(is_fragment(&headers(pairs)), "{pairs:?}");
        for (name, _) in pairs {
            assert!(
                VARY.to_ascii_lowercase().contains(name),
                "{name} is in Vary"
            );
        }
    }
}

#[test]
fn a_page_is_asked_for_in_advance() {
    const PREFETCHES: [Headers; 8] = [
        &[("sec-purpose", "prefetch")],
        &[("sec-purpose", "prefetch;anonymous-client-ip")],
        &[("x-sec-purpose", "prefetch")],
        &[("purpose", "prefetch")],
        &[("x-moz", "prefetch")],
        &[("x-purpose", "preview")],
        &[("hx-preloaded", "true")],
        &[("sec-purpose", "unknown"), ("purpose", "Prefetch")],
    ];
    const PRERENDERS: [Headers; 2] = [
        &[("sec-purpose", "prefetch;prerender")],
        &[
            ("sec-purpose", "Prefetch ; Prerender"),
            ("purpose", "prefetch"),
        ],
    ];
    for pairs in PREFETCHES {
        let speculation = Speculation::of(&headers(pairs));
        assert_eq!(speculation, Some(Speculation::Prefetch), "{pairs:?}");
    }
    for pairs in PRERENDERS {
        let speculation = Speculation::of(&headers(pairs));
        assert_eq!(speculation, Some(Speculation::Prerender), "{pairs:?}");
    }
}

#[test]
fn a_page_is_asked_for_now() {
    const NOW: [Headers; 5] = [
        &[],
        &[("sec-purpose", "")],
        &[("sec-purpose", "prerender")],
        &[("sec-purpose", "prefetched")],
        &[("purpose", "navigate")],
    ];
    for pairs in NOW {
        assert_eq!(Speculation::of(&headers(pairs)), None, "{pairs:?}");
    }
}

#[test]
fn an_unreadable_purpose_hides_no_other_one() {
    let mut headers = headers(&[("purpose", "prefetch")]);
    let unreadable = HeaderValue::from_bytes(b"pr\xE9fetch").unwrap();
    headers.insert("sec-purpose", unreadable);
    assert_eq!(Speculation::of(&headers), Some(Speculation::Prefetch));
}
