//! `Server-Timing`: the header through which a trace reaches the browser without a tag in the page.
//!
//! ```text
//! Server-Timing: sentry-trace;desc="<trace id>-<span id>-1", baggage;desc="sentry-trace_id=…"
//! ```
//!
//! 1. It is one more header line; existing `Server-Timing` lines stay as they are.
//! 2. Both values are quoted strings: an unquoted baggage would end at its first comma.
//! 3. Without a baggage only the first metric is written, and without a `sentry-trace` none: the browser
//!    ignores a baggage on its own.
//! 4. Nothing is written where a value is not allowed in a header (a control character).
//!
//! A browser exposes `Server-Timing` to a page only in a secure context (`https:` or localhost), and
//! only that of the final response: the header of a redirect is lost.
//!
//! Source: [Server Timing](https://www.w3.org/TR/server-timing/#the-server-timing-header-field),
//! [quoted-string](https://www.rfc-editor.org/rfc/rfc9110#name-quoted-strings).

use http::{HeaderMap, HeaderName, HeaderValue};

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// Adds a `Server-Timing` line with both values.
///
/// An empty `baggage` is left out. An empty `sentry_trace`, or a value that is not allowed in a header,
/// leaves `headers` unchanged.
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
