//! What real caches did with a response, and what we say that a cache may do with it.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use sentry_ssr::__private::CacheRules;
use sentry_ssr::__private::Reuse::{self, Never, Replayable, Revalidated};

const BROWSERS: [&str; 3] = ["chrome", "firefox", "safari"];
const TABLE: &str = include_str!("caches.txt");

/// One line of the table.
struct Row {
    line: &'static str,
    status: StatusCode,
    verdict: Reuse,
    /// The caches that handed the response out again without asking.
    replayed_by: Vec<&'static str>,
    /// The caches that asked, and handed it out again on a `304`.
    asked_by: Vec<&'static str>,
    headers: HeaderMap,
}

impl Row {
    fn parse(line: &'static str) -> Self {
        let mut columns = line.split(" | ");
        let mut column = || columns.next().unwrap();
        let status = column().parse().unwrap();
        let verdict = match column() {
            "never" => Never,
            "asked" => Revalidated,
            "replayed" => Replayable,
            other => panic!("no verdict: {other}"),
        };
        Self {
            line,
            status,
            verdict,
            replayed_by: names(column()),
            asked_by: names(column()),
            headers: columns.map(header).collect(),
        }
    }

    fn judged(&self) -> Reuse {
        CacheRules::of(self.status, &self.headers, now()).reuse()
    }

    fn is_replayed_by_a_browser(&self) -> bool {
        self.replayed_by.iter().any(|it| BROWSERS.contains(it))
    }

    fn is_replayed_by_a_proxy(&self) -> bool {
        self.replayed_by.iter().any(|it| !BROWSERS.contains(it))
    }
}

/// Whether `Cache-Control` has this word, on whatever line.
fn says(headers: &HeaderMap, word: &str) -> bool {
    let mut lines = headers.get_all("cache-control").iter();
    lines.any(|line| line.to_str().unwrap().contains(word))
}

fn names(column: &'static str) -> Vec<&'static str> {
    column.split(' ').filter(|name| *name != "-").collect()
}

fn header(line: &'static str) -> (HeaderName, HeaderValue) {
    let (name, value) = line.split_once(':').unwrap();
    let value = match value.trim().strip_prefix('@') {
        Some(offset) => httpdate::fmt_http_date(at(offset.parse().unwrap())),
        None => value.trim().to_owned(),
    };
    (
        name.parse().unwrap(),
        HeaderValue::from_bytes(value.as_bytes()).unwrap(),
    )
}

fn now() -> SystemTime {
    at(0)
}

/// So many seconds after a moment of this run.
fn at(offset: i64) -> SystemTime {
    static START: OnceLock<u64> = OnceLock::new();
    let start = *START.get_or_init(|| UNIX_EPOCH.elapsed().unwrap().as_secs());
    UNIX_EPOCH + Duration::from_secs(start.checked_add_signed(offset).unwrap())
}

fn rows() -> impl Iterator<Item = Row> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines.map(Row::parse)
}

/// The lines of the rows for which something does not hold.
fn wrong(holds: impl Fn(&Row) -> bool) -> Vec<&'static str> {
    let rows = rows().filter(|row| !holds(row));
    rows.map(|row| row.line).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn every_response_has_the_verdict_of_the_table() {
    assert_eq!(wrong(|row| row.judged() == row.verdict), NONE);
}

#[test]
fn what_a_browser_replayed_is_replayable() {
    assert_eq!(
        wrong(|row| !row.is_replayed_by_a_browser() || row.verdict == Replayable),
        NONE
    );
}

#[test]
fn no_proxy_replayed_a_private_response() {
    let is_private = |row: &Row| says(&row.headers, "private");
    assert!(rows().any(|row| is_private(&row)));
    assert_eq!(
        wrong(|row| !is_private(row) || !row.is_replayed_by_a_proxy()),
        NONE
    );
}

#[test]
fn what_a_cache_asked_about_is_revalidated_at_least() {
    assert_eq!(
        wrong(|row| row.asked_by.is_empty() || row.verdict >= Revalidated),
        NONE
    );
}

#[test]
fn the_table_is_whole() {
    assert_eq!(rows().count(), 231);
}

/// The same responses as pages under the layer.
#[cfg(feature = "axum")]
mod pages {
    use axum::Router;
    use axum::body::Body;
    use axum::routing::get;
    use http::Response;
    use http_body_util::BodyExt;
    use sentry_ssr::{RootSpan, RootSpanLayer};
    use tower::ServiceExt;

    use super::*;
    use crate::support::ids::{SENTRY_TRACE, TRACE_ID};

    /// What becomes of a page that prints its tags: its headers, and whether its trace stands in it.
    async fn sent(row: &Row) -> (HeaderMap, bool) {
        let (status, headers) = (row.status, row.headers.clone());
        let page = move |span: RootSpan| async move {
            let page = match status {
                StatusCode::NO_CONTENT => String::new(),
                _ => format!("<!doctype html><head>{}<title>t</title>", span.meta_tags()),
            };
            let mut response = Response::new(Body::from(page));
            *response.status_mut() = status;
            *response.headers_mut() = headers;
            let html = HeaderValue::from_static("text/html");
            response.headers_mut().insert("content-type", html);
            response
        };
        let app = Router::new().route("/", get(page));
        let request = http::Request::get("/")
            .header("sentry-trace", SENTRY_TRACE)
            .header("accept", "text/html")
            .body(Body::empty());
        let app = app.layer(RootSpanLayer::new().server_timing(true));
        let (head, body) = app.oneshot(request.unwrap()).await.unwrap().into_parts();
        let page = body.collect().await.unwrap().to_bytes();
        let all = format!("{:?}{}", head.headers, String::from_utf8_lossy(&page));
        (head.headers, all.contains(TRACE_ID))
    }

    /// No browser replays it as it came; and no proxy as it is sent: it is private.
    #[tokio::test]
    async fn none_with_a_trace_in_it_is_replayed() {
        let mut wrong = Vec::new();
        for row in rows() {
            let (headers, is_traced) = sent(&row).await;
            let is_kept = row.is_replayed_by_a_browser() && !says(&headers, "no-store")
                || row.is_replayed_by_a_proxy() && !says(&headers, "private");
            if is_traced && is_kept {
                wrong.push(row.line);
            }
        }
        assert_eq!(wrong, NONE);
    }

    #[tokio::test]
    async fn all_with_a_trace_in_them_are_private() {
        let mut traced = 0;
        for row in rows() {
            let (headers, is_traced) = sent(&row).await;
            assert!(!is_traced || says(&headers, "private"), "{}", row.line);
            traced += usize::from(is_traced);
        }
        assert!(traced > 30, "{traced}");
    }
}
