//! `Server-Timing`: the header through which a trace reaches the browser without a tag in the page.
//!
//! ```text
//! Server-Timing: sentry-trace;desc="<trace id>-<span id>-1", baggage;desc="sentry-trace_id=…"
//! ```
//!
//! 1. It is one more header line, before existing `Server-Timing` lines: the browser reads the first metric of
//!    a name, and an upstream server may have written its own.
//! 2. Both values are quoted strings: an unquoted baggage would end at its first comma.
//! 3. Without a baggage only the first metric is written, and without a `sentry-trace` none: the browser
//!    ignores a baggage on its own.
//! 4. Nothing is written where both values together are longer than [`MAX_LEN`], because proxies reject a
//!    response whose headers do not fit into 4 KiB; nor where a value is not allowed in a header (a control
//!    character).
//!
//! A browser exposes `Server-Timing` to a page only in a secure context (`https:` or localhost), and
//! only that of the final response: the header of a redirect is lost.
//!
//! Source: [Server Timing](https://www.w3.org/TR/server-timing/#the-server-timing-header-field),
//! [quoted-string](https://www.rfc-editor.org/rfc/rfc9110#name-quoted-strings).

use http::{HeaderMap, HeaderName, HeaderValue};

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// The most bytes that both values together may have.
pub const MAX_LEN: usize = 2048;

/// Adds a `Server-Timing` line with both values, and returns whether it could.
///
/// An empty `baggage` is left out. An empty `sentry_trace`, values longer than [`MAX_LEN`], or one that is not
/// allowed in a header, leave `headers` unchanged.
pub fn prepend(headers: &mut HeaderMap, sentry_trace: &str, baggage: &str) -> bool {
    if sentry_trace.is_empty() || sentry_trace.len() + baggage.len() > MAX_LEN {
        return false;
    }
    let mut line = metric("sentry-trace", sentry_trace);
    if !baggage.is_empty() {
        line.push_str(", ");
        line.push_str(&metric("baggage", baggage));
    }
    let Ok(line) = HeaderValue::try_from(line) else {
        return false;
    };
    let others: Vec<_> = headers.get_all(SERVER_TIMING).iter().cloned().collect();
    headers.insert(SERVER_TIMING, line);
    for other in others {
        headers.append(SERVER_TIMING, other);
    }
    true
}

fn metric(name: &str, desc: &str) -> String {
    let desc = desc.replace('\\', r"\\").replace('"', r#"\""#);
    format!(r#"{name};desc="{desc}""#)
}
