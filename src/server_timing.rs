//! `Server-Timing`: the header by which a trace reaches the browser without a tag in the page.
//!
//! ```text
//! Server-Timing: sentry-trace;desc="<trace id>-<span id>-1", baggage;desc="sentry-trace_id=…"
//! ```
//!
//! 1. It is one more header line; what the response already says in `Server-Timing` stays as it is.
//! 2. Both values are quoted strings: a baggage without quotes would end at its first comma.
//! 3. Without a baggage only the first metric is written, without a `sentry-trace` nothing: the
//!    browser ignores a baggage that stands alone.
//! 4. A value which no header may carry (a control character) writes nothing.
//!
//! A browser shows `Server-Timing` to a page only in a secure context (`https:` or localhost), and
//! only that of the final response: a header on a redirect is lost.
//!
//! ```
//! use http::HeaderMap;
//! use sentry_ssr::server_timing;
//!
//! let mut headers = HeaderMap::new();
//! headers.insert("server-timing", "db;dur=53".parse()?);
//! server_timing::append(&mut headers, "0123-45-1", "sentry-trace_id=0123");
//!
//! let lines: Vec<_> = headers.get_all("server-timing").iter().collect();
//! assert_eq!(lines[0], "db;dur=53");
//! assert_eq!(lines[1], r#"sentry-trace;desc="0123-45-1", baggage;desc="sentry-trace_id=0123""#);
//! # Ok::<(), http::header::InvalidHeaderValue>(())
//! ```
//!
//! Source: [Server Timing](https://www.w3.org/TR/server-timing/#the-server-timing-header-field),
//! [quoted-string](https://www.rfc-editor.org/rfc/rfc9110#name-quoted-strings).

use http::{HeaderMap, HeaderName, HeaderValue};

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// Appends both values to the response's `Server-Timing`, next to what is there.
///
/// An empty `baggage` is left out; an empty `sentry_trace`, or a value that no header may carry,
/// leaves `headers` as they are.
pub fn append(headers: &mut HeaderMap, sentry_trace: &str, baggage: &str) {
    if sentry_trace.is_empty() {
        return;
    }
    let mut line = metric("sentry-trace", sentry_trace);
    if !baggage.is_empty() {
        line.push_str(", ");
        line.push_str(&metric("baggage", baggage));
    }
    if let Ok(value) = HeaderValue::try_from(line) {
        headers.append(SERVER_TIMING, value);
    }
}

fn metric(name: &str, desc: &str) -> String {
    let desc = desc.replace('\\', r"\\").replace('"', r#"\""#);
    format!(r#"{name};desc="{desc}""#)
}
