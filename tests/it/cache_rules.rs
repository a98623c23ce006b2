//! Which responses a cache may hand out again: one named line for each real combination of headers.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use sentry_ssr::__private::CacheRules;
use sentry_ssr::__private::Reuse::{self, Never, Replayable, Revalidated};

const PAST: &str = "Thu, 19 Nov 1981 08:52:00 GMT";
const TODAY: &str = "Tue, 24 Nov 2026 02:00:00 GMT";
const TOMORROW: &str = "Wed, 25 Nov 2026 02:00:00 GMT";
const ETAG: &str = "etag: \"abc\"";

fn today() -> SystemTime {
    httpdate::parse_http_date(TODAY).unwrap()
}

fn reuse(status: u16, lines: &[&str], now: SystemTime) -> CacheRules {
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        headers.append(
            name.parse::<HeaderName>().unwrap(),
            HeaderValue::from_bytes(value.as_bytes()).unwrap(),
        );
    }
    CacheRules::of(StatusCode::from_u16(status).unwrap(), &headers, now)
}

struct Row(
    &'static str,
    u16,
    &'static [&'static str],
    Reuse,
    &'static str,
);

const NOTHING: &str = "neither a lifetime nor a validator";

macro_rules! expires {
    ($value:literal) => {
        concat!("expires: ", $value)
    };
}

#[rustfmt::skip]
const TABLE: &[Row] = &[
    // Nothing said, and `no-store`.
    Row("a page that says nothing", 200, &["content-type: text/html"], Never, NOTHING),
    Row("no-store", 200, &["cache-control: no-store"], Never, "cache-control: no-store"),
    Row("no-store beside a validator", 200, &["cache-control: no-store", ETAG], Never, "cache-control: no-store"),
    Row("no-store outweighs a lifetime", 200, &["cache-control: max-age=60, no-store"], Never, "cache-control: no-store"),
    Row("no-store on a line of its own", 200, &["cache-control: max-age=60", "cache-control: no-store"], Never, "cache-control: no-store"),
    Row("No-Store in mixed case and spaces", 200, &["cache-control:  No-Store , Max-Age=60"], Never, "cache-control: no-store"),
    Row("PHP's three lines", 200, &["cache-control: no-store, no-cache, must-revalidate", "pragma: no-cache", expires!("Thu, 19 Nov 1981 08:52:00 GMT")], Never, "cache-control: no-store"),
    Row("Django's never_cache", 200, &["cache-control: max-age=0, no-cache, no-store, must-revalidate, private", expires!("Tue, 24 Nov 2026 02:00:00 GMT")], Never, "cache-control: no-store"),
    Row("must-understand sets no-store aside", 200, &["cache-control: no-store, must-understand, max-age=60"], Replayable, "cache-control: max-age"),
    Row("no-store with a value is no no-store", 200, &["cache-control: no-store=x, max-age=60"], Replayable, "cache-control: max-age"),
    Row("no-store within quotes is none", 200, &["cache-control: ext=\"a, no-store, b\", max-age=60"], Replayable, "cache-control: max-age"),
    Row("no-store behind a quote that never closes", 200, &["cache-control: max-age=60, ext=\"oops, no-store"], Replayable, "cache-control: max-age"),
    Row("an escaped quote does not close", 200, &["cache-control: ext=\"a\\\", no-store\", max-age=60"], Replayable, "cache-control: max-age"),
    Row("x-no-store is another directive", 200, &["cache-control: x-no-store, max-age=60"], Replayable, "cache-control: max-age"),

    // `no-cache`.
    Row("no-cache without a validator", 200, &["cache-control: no-cache"], Never, "cache-control: no-cache"),
    Row("no-cache with an ETag", 200, &["cache-control: no-cache", ETAG], Revalidated, "cache-control: no-cache"),
    Row("no-cache with a Last-Modified", 200, &["cache-control: no-cache", "last-modified: Thu, 19 Nov 1981 08:52:00 GMT"], Revalidated, "cache-control: no-cache"),
    Row("no-cache outweighs max-age", 200, &["cache-control: no-cache, max-age=600", ETAG], Revalidated, "cache-control: no-cache"),
    Row("no-cache outweighs stale-while-revalidate", 200, &["cache-control: no-cache, stale-while-revalidate=60", ETAG], Revalidated, "cache-control: no-cache"),
    Row("no-cache of one field decides nothing", 200, &["cache-control: no-cache=\"set-cookie\", max-age=60"], Replayable, "cache-control: max-age"),
    Row("no-cache of two fields decides nothing", 200, &["cache-control: no-cache=\"set-cookie, no-cache\", max-age=60"], Replayable, "cache-control: max-age"),
    Row("Pragma alone is not specified", 200, &["pragma: no-cache", "cache-control: max-age=60"], Replayable, "cache-control: max-age"),
    Row("Pragma beside an ETag", 200, &["pragma: no-cache", ETAG], Revalidated, "etag: no lifetime beside it"),

    // Lifetimes.
    Row("private with a lifetime: the browser replays it", 200, &["cache-control: private, max-age=60"], Replayable, "cache-control: max-age"),
    Row("public with a lifetime", 200, &["cache-control: public, max-age=31536000, immutable"], Replayable, "cache-control: max-age"),
    Row("a shared lifetime only", 200, &["cache-control: max-age=0, s-maxage=60"], Replayable, "cache-control: s-maxage"),
    Row("a private lifetime only", 200, &["cache-control: s-maxage=0, max-age=60"], Replayable, "cache-control: max-age"),
    Row("must-revalidate begins after the lifetime", 200, &["cache-control: max-age=60, must-revalidate, proxy-revalidate"], Replayable, "cache-control: max-age"),
    Row("max-age=0 alone", 200, &["cache-control: max-age=0"], Never, NOTHING),
    Row("max-age=0 with an ETag", 200, &["cache-control: public, max-age=0, must-revalidate", ETAG], Revalidated, "etag: no lifetime beside it"),
    Row("max-age=0 with a Last-Modified", 200, &["cache-control: max-age=0", "last-modified: Thu, 19 Nov 1981 08:52:00 GMT"], Revalidated, "last-modified: no lifetime beside it"),
    Row("immutable without a lifetime to last", 200, &["cache-control: max-age=0, immutable", ETAG], Revalidated, "etag: no lifetime beside it"),
    Row("max-age twice: the larger counts", 200, &["cache-control: max-age=0, max-age=60"], Replayable, "cache-control: max-age"),
    Row("max-age on two lines: the larger counts", 200, &["cache-control: max-age=0", "cache-control: max-age=60"], Replayable, "cache-control: max-age"),
    Row("max-age in quotes", 200, &["cache-control: max-age=\"60\""], Replayable, "cache-control: max-age"),
    Row("max-age behind a semicolon", 200, &["cache-control: private; max-age=60"], Replayable, "cache-control: max-age"),
    Row("max-age with a unit", 200, &["cache-control: max-age=60s"], Replayable, "cache-control: max-age"),
    Row("max-age beyond all integers", 200, &["cache-control: max-age=99999999999999999999999"], Replayable, "cache-control: max-age"),
    Row("a negative max-age", 200, &["cache-control: max-age=-1"], Never, NOTHING),
    Row("a max-age of garbage", 200, &["cache-control: max-age=soon"], Never, NOTHING),
    Row("a max-age without a value", 200, &["cache-control: max-age", ETAG], Revalidated, "etag: no lifetime beside it"),
    Row("garbage between commas", 200, &["cache-control: ,,=,;\u{e9},max-age=60,"], Replayable, "cache-control: max-age"),
    Row("an empty Cache-Control", 200, &["cache-control: "], Never, NOTHING),
    Row("a used-up Age does not count", 200, &["cache-control: max-age=60", "age: 600"], Replayable, "cache-control: max-age"),
    Row("Age alone is no lifetime", 200, &["age: 600"], Never, NOTHING),
    Row("Vary: * does not count", 200, &["cache-control: max-age=60", "vary: *"], Replayable, "cache-control: max-age"),

    // Stale, but handed out once.
    Row("stale-while-revalidate", 200, &["cache-control: max-age=0, stale-while-revalidate=30"], Replayable, "cache-control: stale-while-revalidate"),
    Row("stale-if-error", 200, &["cache-control: max-age=0, stale-if-error=86400", ETAG], Replayable, "cache-control: stale-if-error"),
    Row("stale-while-revalidate beside must-revalidate", 200, &["cache-control: max-age=0, must-revalidate, stale-while-revalidate=30"], Replayable, "cache-control: stale-while-revalidate"),
    Row("stale-while-revalidate of zero", 200, &["cache-control: max-age=0, stale-while-revalidate=0", ETAG], Revalidated, "etag: no lifetime beside it"),

    // `Expires`.
    Row("Expires tomorrow", 200, &["date: Tue, 24 Nov 2026 02:00:00 GMT", expires!("Wed, 25 Nov 2026 02:00:00 GMT")], Replayable, "expires: not yet passed"),
    Row("Expires tomorrow without a Date", 200, &[expires!("Wed, 25 Nov 2026 02:00:00 GMT")], Replayable, "expires: not yet passed"),
    Row("Expires equal to Date: replayed within the second", 200, &["date: Tue, 24 Nov 2026 02:00:00 GMT", expires!("Tue, 24 Nov 2026 02:00:00 GMT"), ETAG], Replayable, "expires: not yet passed"),
    Row("Expires a second before Date", 200, &["date: Tue, 24 Nov 2026 02:00:01 GMT", expires!("Tue, 24 Nov 2026 01:59:59 GMT"), ETAG], Revalidated, "etag: no lifetime beside it"),
    Row("Expires before a Date that is no date", 200, &["date: yesterday", expires!("Wed, 25 Nov 2026 02:00:00 GMT")], Replayable, "expires: not yet passed"),
    Row("Expires in the past beside a Date that is no date", 200, &["date: yesterday", expires!("Thu, 19 Nov 1981 08:52:00 GMT")], Never, NOTHING),
    Row("Expires after the earlier one of two Dates", 200, &["date: Tue, 24 Nov 2026 02:00:00 GMT", "date: Thu, 19 Nov 1981 08:52:00 GMT", expires!("Thu, 19 Nov 1981 09:52:00 GMT")], Replayable, "expires: not yet passed"),
    Row("Expires that is no date", 200, &[expires!("soon")], Replayable, "expires: not yet passed"),
    Row("Expires that is no date, in the future of Date", 200, &["date: Tue, 24 Nov 2026 02:00:00 GMT", expires!("Thu, 18 Aug 2050 2:01:18 GMT"), ETAG], Replayable, "expires: not yet passed"),
    Row("Expires that is not even text", 200, &[expires!("\u{e9}")], Replayable, "expires: not yet passed"),
    Row("an empty Expires", 200, &[expires!("")], Never, NOTHING),
    Row("Expires long ago", 200, &[expires!("Thu, 19 Nov 1981 08:52:00 GMT")], Never, NOTHING),
    Row("Expires after a Date that lags behind", 200, &["date: Thu, 19 Nov 1981 08:52:00 GMT", expires!("Tue, 24 Nov 2026 02:00:00 GMT")], Replayable, "expires: not yet passed"),
    Row("Expires after now, before a Date ahead", 200, &["date: Thu, 26 Nov 2026 02:00:00 GMT", expires!("Wed, 25 Nov 2026 02:00:00 GMT")], Replayable, "expires: not yet passed"),
    Row("Expires: 0", 200, &[expires!("0")], Never, NOTHING),
    Row("Expires: -1 with an ETag", 200, &[expires!("-1"), ETAG], Revalidated, "etag: no lifetime beside it"),
    Row("Expires in a form some browsers read", 200, &[expires!("2044-12-01 16:00:00")], Replayable, "expires: not yet passed"),
    Row("Expires twice: one to come", 200, &[expires!("0"), expires!("Wed, 25 Nov 2026 02:00:00 GMT")], Replayable, "expires: not yet passed"),
    Row("Expires in the old RFC 850 form", 200, &[expires!("Wednesday, 25-Nov-26 02:00:00 GMT")], Replayable, "expires: not yet passed"),
    Row("max-age=0 overrides Expires", 200, &["cache-control: max-age=0", expires!("Wed, 25 Nov 2026 02:00:00 GMT")], Never, NOTHING),
    Row("a max-age of garbage does not override Expires", 200, &["cache-control: max-age=x", expires!("Wed, 25 Nov 2026 02:00:00 GMT")], Replayable, "expires: not yet passed"),
    Row("Expires: 0 leaves no room to guess", 200, &[expires!("0"), "last-modified: Thu, 19 Nov 1981 08:52:00 GMT"], Revalidated, "last-modified: no lifetime beside it"),

    // Lifetimes that a cache may choose.
    Row("only an ETag", 200, &[ETAG], Revalidated, "etag: no lifetime beside it"),
    Row("a weak ETag", 200, &["etag: W/\"abc\""], Revalidated, "etag: no lifetime beside it"),
    Row("a static file's Last-Modified", 200, &["last-modified: Thu, 19 Nov 1981 08:52:00 GMT"], Replayable, "last-modified: no lifetime beside it"),
    Row("a static file's ETag and Last-Modified", 200, &[ETAG, "last-modified: Thu, 19 Nov 1981 08:52:00 GMT"], Replayable, "last-modified: no lifetime beside it"),
    Row("a shared lifetime of zero leaves the browser room", 200, &["cache-control: s-maxage=0", "last-modified: Thu, 19 Nov 1981 08:52:00 GMT"], Replayable, "last-modified: no lifetime beside it"),
    Row("private with an ETag", 200, &["cache-control: private", ETAG], Revalidated, "etag: no lifetime beside it"),
    Row("private alone", 200, &["cache-control: private"], Never, NOTHING),
    Row("public invites a cache to choose", 200, &["cache-control: public"], Replayable, "cache-control: public"),
    Row("immutable invites a cache to choose", 200, &["cache-control: immutable"], Replayable, "cache-control: immutable"),

    // Statuses.
    Row("a redirect is not stored by default", 302, &["last-modified: Thu, 19 Nov 1981 08:52:00 GMT", ETAG], Never, NOTHING),
    Row("a redirect with a lifetime", 302, &["cache-control: max-age=60"], Replayable, "cache-control: max-age"),
    Row("a permanent redirect is stored by default", 301, &[ETAG], Revalidated, "etag: no lifetime beside it"),
    Row("a missing page is stored by default", 404, &["last-modified: Thu, 19 Nov 1981 08:52:00 GMT"], Replayable, "last-modified: no lifetime beside it"),
    Row("a failure with a validator", 500, &[ETAG], Never, NOTHING),
    Row("a failure that permits to store it", 500, &["cache-control: private", ETAG], Revalidated, "etag: no lifetime beside it"),
    Row("a failure with a lifetime", 503, &[expires!("Wed, 25 Nov 2026 02:00:00 GMT")], Replayable, "expires: not yet passed"),
    Row("304 with its ETag", 304, &["cache-control: no-cache", ETAG], Revalidated, "cache-control: no-cache"),
    Row("304 is its own proof of a validator", 304, &["cache-control: no-cache"], Revalidated, "cache-control: no-cache"),
    Row("304 that renews a lifetime", 304, &["cache-control: max-age=60", ETAG], Replayable, "cache-control: max-age"),

    // Headers for a CDN.
    Row("Surrogate-Control with a lifetime", 200, &["surrogate-control: max-age=60, content=\"ESI/1.0\"", "cache-control: no-store"], Replayable, "surrogate-control: max-age"),
    Row("Surrogate-Control with a stale extension only", 200, &["surrogate-control: max-age=0+60"], Replayable, "surrogate-control: max-age"),
    Row("Surrogate-Control for one surrogate", 200, &["surrogate-control: max-age=60;varnish"], Replayable, "surrogate-control: max-age"),
    Row("Surrogate-Control: no-store does not bind browsers", 200, &["surrogate-control: no-store", "cache-control: max-age=60"], Replayable, "cache-control: max-age"),
    Row("CDN-Cache-Control with a lifetime", 200, &["cdn-cache-control: max-age=60", "cache-control: no-store"], Replayable, "cdn-cache-control: max-age"),
    Row("CDN-Cache-Control that has to ask: the CDN may hand out old headers", 200, &["cdn-cache-control: no-cache", "cache-control: no-store", ETAG], Replayable, "cdn-cache-control: revalidated"),
    Row("CDN-Cache-Control: no-store does not bind browsers", 200, &["cdn-cache-control: no-store", "cache-control: no-cache", ETAG], Revalidated, "cache-control: no-cache"),
    Row("a vendor's CDN-Cache-Control", 200, &["cloudflare-cdn-cache-control: max-age=60", "cache-control: no-store"], Replayable, "cloudflare-cdn-cache-control: max-age"),
    Row("nginx's X-Accel-Expires", 200, &["x-accel-expires: 60", "cache-control: no-store"], Replayable, "x-accel-expires: max-age"),
    Row("nginx's X-Accel-Expires as a date", 200, &["x-accel-expires: @1795000000"], Replayable, "x-accel-expires: max-age"),
    Row("CDN-Cache-Control that says nothing of time leaves the CDN room", 200, &["cdn-cache-control: must-revalidate", "cache-control: no-store"], Replayable, "cdn-cache-control: no lifetime in it"),
    Row("an empty CDN-Cache-Control leaves the CDN room", 200, &["cdn-cache-control: ", "cache-control: no-store"], Replayable, "cdn-cache-control: no lifetime in it"),
    Row("CDN-Cache-Control: private", 200, &["cdn-cache-control: private", "cache-control: no-store"], Never, "cache-control: no-store"),
    Row("CDN-Cache-Control: private=\"set-cookie\" leaves the CDN room", 200, &["cdn-cache-control: private=\"set-cookie\"", "cache-control: no-store"], Replayable, "cdn-cache-control: no lifetime in it"),
    Row("CDN-Cache-Control: max-age=0", 200, &["cdn-cache-control: max-age=0", "cache-control: no-store"], Never, "cache-control: no-store"),
    Row("Netlify's", 200, &["netlify-cdn-cache-control: public, durable, s-maxage=60", "cache-control: no-store"], Replayable, "netlify-cdn-cache-control: s-maxage"),
    Row("Vercel's", 200, &["vercel-cdn-cache-control: max-age=60", "cache-control: no-store"], Replayable, "vercel-cdn-cache-control: max-age"),
    Row("Akamai's Akamai-Cache-Control", 200, &["akamai-cache-control: max-age=60", "cache-control: no-store"], Replayable, "akamai-cache-control: max-age"),
    Row("Akamai-Cache-Control: no-store does not bind browsers", 200, &["akamai-cache-control: no-store", "cache-control: max-age=60"], Replayable, "cache-control: max-age"),
    Row("Magento's X-Magento-Cache-Control", 200, &["x-magento-cache-control: max-age=86400, public", "cache-control: no-store"], Replayable, "x-magento-cache-control: max-age"),
    Row("Akamai's Edge-Control", 200, &["edge-control: max-age=60", "cache-control: no-store"], Replayable, "edge-control: max-age"),
    Row("Edge-Control with a unit", 200, &["edge-control: cache-maxage=7d", "cache-control: no-store"], Replayable, "edge-control: cache-maxage"),
    Row("Edge-Control with a lifetime for the browser alone", 200, &["edge-control: no-store, downstream-ttl=365d"], Replayable, "edge-control: downstream-ttl"),
    Row("Edge-Control: !no-store sets Cache-Control aside", 200, &["edge-control: !no-store", "cache-control: no-store"], Replayable, "edge-control: no lifetime in it"),
    Row("Edge-Control: !bypass-cache", 200, &["edge-control: !bypass-cache", "cache-control: no-store"], Replayable, "edge-control: no lifetime in it"),
    Row("Edge-Control about something else", 200, &["edge-control: dca=esi", "cache-control: no-store"], Replayable, "edge-control: no lifetime in it"),
    Row("Edge-Control: bypass-cache", 200, &["edge-control: dca=esi, bypass-cache", "cache-control: no-store"], Never, "cache-control: no-store"),
    Row("Edge-Control: no-store", 200, &["edge-control: no-store", "cache-control: no-store"], Never, "cache-control: no-store"),
    Row("Edge-Control: cache-maxage=0", 200, &["edge-control: cache-maxage=0", "cache-control: no-store"], Never, "cache-control: no-store"),
    Row("LiteSpeed's X-LiteSpeed-Cache-Control", 200, &["x-litespeed-cache-control: public,max-age=120", "cache-control: no-store"], Replayable, "x-litespeed-cache-control: max-age"),
    Row("X-LiteSpeed-Cache-Control: private keeps it for one visitor", 200, &["x-litespeed-cache-control: private,max-age=120", "cache-control: no-store"], Replayable, "x-litespeed-cache-control: max-age"),
    Row("X-LiteSpeed-Cache-Control: public", 200, &["x-litespeed-cache-control: public", "cache-control: no-store"], Replayable, "x-litespeed-cache-control: public"),
    Row("X-LiteSpeed-Cache-Control: no-cache", 200, &["x-litespeed-cache-control: no-cache", "cache-control: no-store"], Never, "cache-control: no-store"),
    Row("X-LiteSpeed-Cache-Control about ESI only", 200, &["x-litespeed-cache-control: esi=on", "cache-control: no-store"], Replayable, "x-litespeed-cache-control: no lifetime in it"),
    Row("Symfony's Surrogate-Control makes Varnish pass over no-store", 200, &["surrogate-control: content=\"ESI/1.0\"", "cache-control: no-store"], Replayable, "surrogate-control: no lifetime in it"),
    Row("Surrogate-Control: max-age=0, which Varnish does not read", 200, &["surrogate-control: max-age=0", "cache-control: private"], Replayable, "surrogate-control: no lifetime in it"),
    Row("Surrogate-Control: no-store beside no-store", 200, &["surrogate-control: no-store", "cache-control: no-store"], Never, "cache-control: no-store"),
    Row("Surrogate-Control: no-store for another surrogate", 200, &["surrogate-control: no-store;squid", "cache-control: no-store"], Replayable, "surrogate-control: no lifetime in it"),
    Row("Surrogate-Control: no-store-remote", 200, &["surrogate-control: no-store-remote", "cache-control: no-store"], Replayable, "surrogate-control: no lifetime in it"),
    Row("nginx's X-Accel-Expires: off, which it does not know", 200, &["x-accel-expires: off", "cache-control: no-store"], Never, "cache-control: no-store"),
    Row("nginx's X-Accel-Expires: @0", 200, &["x-accel-expires: @0", "cache-control: no-store"], Never, "cache-control: no-store"),
    Row("nginx's X-Accel-Expires above a zero on another line", 200, &["x-accel-expires: 0", "x-accel-expires: 60", "cache-control: no-store"], Replayable, "x-accel-expires: max-age"),
    Row("FOSHttpCache's X-Reverse-Proxy-TTL", 200, &["x-reverse-proxy-ttl: 3600", "cache-control: no-store"], Replayable, "x-reverse-proxy-ttl: max-age"),
    Row("FOSHttpCache's X-Reverse-Proxy-TTL: 0", 200, &["x-reverse-proxy-ttl: 0", "cache-control: no-store"], Never, "cache-control: no-store"),
    Row("nginx's X-Accel-Expires: 0", 200, &["x-accel-expires: 0"], Never, NOTHING),
];

#[test]
fn every_combination_has_its_verdict_and_reason() {
    let wrong: Vec<_> = TABLE
        .iter()
        .filter_map(|Row(name, status, lines, verdict, reason)| {
            let reuse = reuse(*status, lines, today());
            let got = (reuse.reuse(), reuse.reason().to_string());
            (got != (*verdict, (*reason).to_owned())).then(|| format!("{name}: {got:?}"))
        })
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_table_is_large_and_its_names_are_unique() {
    let mut names: Vec<_> = TABLE.iter().map(|row| row.0).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), TABLE.len());
    assert!(TABLE.len() >= 40);
}

#[test]
fn verdicts_grow_with_what_a_cache_may_do() {
    assert!(Never < Revalidated && Revalidated < Replayable);
}

#[test]
fn expires_is_measured_against_now_where_there_is_no_date() {
    let at = |now| reuse(200, &[&format!("expires: {TODAY}")], now).reuse();
    let second = Duration::from_secs(1);
    assert_eq!(at(today()), Replayable);
    assert_eq!(at(today() + second), Never);
    let long_ago = httpdate::parse_http_date(PAST).unwrap();
    assert_eq!(at(long_ago), Replayable);
    let tomorrow = httpdate::parse_http_date(TOMORROW).unwrap();
    assert_eq!(at(tomorrow), Never);
}
