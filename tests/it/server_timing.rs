//! The trace in `Server-Timing`.

use http::{HeaderMap, HeaderValue};
use sentry_ssr::__private::prepend_server_timing as prepend;

fn lines(sentry_trace: &str, baggage: &str) -> Vec<String> {
    let mut headers = HeaderMap::new();
    headers.append("server-timing", HeaderValue::from_static("db;dur=1"));
    let _is_written = prepend(&mut headers, sentry_trace, baggage);
    let lines = headers.get_all("server-timing").iter();
    lines
        .map(|line| line.to_str().unwrap().to_owned())
        .collect()
}

#[test]
fn both_values_come_before_what_is_there() {
    let line = r#"sentry-trace;desc="a-b-1", baggage;desc="sentry-x=1,sentry-y=%2C""#;
    assert_eq!(
        lines("a-b-1", "sentry-x=1,sentry-y=%2C"),
        [line, "db;dur=1"]
    );
}

#[test]
fn an_empty_baggage_is_left_out() {
    assert_eq!(lines("a-b", ""), [r#"sentry-trace;desc="a-b""#, "db;dur=1"]);
}

#[test]
fn a_baggage_alone_is_not_written() {
    assert_eq!(lines("", "sentry-x=1"), ["db;dur=1"]);
}

#[test]
fn quotes_and_backslashes_are_escaped() {
    let line = r#"sentry-trace;desc="a\"b\\c""#;
    assert_eq!(lines(r#"a"b\c"#, ""), [line, "db;dur=1"]);
}

#[test]
fn what_no_header_may_carry_is_not_written() {
    assert_eq!(lines("a\r\nset-cookie: b", ""), ["db;dur=1"]);
}
