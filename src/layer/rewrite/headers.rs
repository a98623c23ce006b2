//! The headers that the layer writes: the trace in `Server-Timing`, the route, and those that describe the bytes of
//! a page.
//!
//! # `Server-Timing`
//!
//! Through this header a trace reaches the browser without a tag in the page.
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
//! 4. Nothing is written if both values together are longer than 2 KiB, because proxies reject a
//!    response whose headers do not fit into 4 KiB; nor if a value is not allowed in a header (a control
//!    character).
//!
//! A browser exposes `Server-Timing` to a page only in a secure context (`https:` or localhost), and
//! only that of the final response: the header of a redirect is lost.
//!
//! Source: [Server Timing](https://www.w3.org/TR/server-timing/#the-server-timing-header-field),
//! [quoted-string](https://www.rfc-editor.org/rfc/rfc9110#name-quoted-strings).

use http::header::{ACCEPT_RANGES, CONTENT_LENGTH, ETAG};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::request;
use crate::values::TraceValues;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// The most bytes that both values together may have.
const MAX_TIMING_LEN: usize = 2048;

/// Adds a `Server-Timing` line with both values, and returns whether it could.
///
/// An empty `baggage` is left out. An empty `sentry_trace`, values longer than 2 KiB, or one that is not
/// allowed in a header, leave `headers` unchanged.
pub fn prepend_server_timing(headers: &mut HeaderMap, sentry_trace: &str, baggage: &str) -> bool {
    if sentry_trace.is_empty() || sentry_trace.len() + baggage.len() > MAX_TIMING_LEN {
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

/// Adds a `Server-Timing` line with the trace, and returns whether it could.
pub(super) fn write_server_timing(values: &TraceValues, headers: &mut HeaderMap) -> bool {
    let trace = values.sentry_trace().to_string();
    prepend_server_timing(headers, &trace, values.baggage().as_str())
}

fn metric(name: &str, desc: &str) -> String {
    let desc = desc.replace('\\', r"\\").replace('"', r#"\""#);
    format!(r#"{name};desc="{desc}""#)
}

/// The header from which a script of the page reads the route. It has the name of the tag, and its encoding.
static ROUTE_NAME: HeaderName = HeaderName::from_static("sentry-route-name");

/// Proxies accept 4 KiB for all headers. Sentry cuts a name after 200 characters.
const MAX_ROUTE_LEN: usize = 1024;

/// The request headers that decide whether the route is inserted into a page.
pub(super) const VARY_ON: HeaderValue = HeaderValue::from_static(request::VARY);

/// Sends the route, if it is known and the handler has not sent one.
pub(super) fn send_route(values: &TraceValues, headers: &mut HeaderMap) {
    let value = values.with_route(|route| Some(route?.to_string()));
    let value = value.filter(|value| value.len() <= MAX_ROUTE_LEN);
    if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
        headers.entry(&ROUTE_NAME).or_insert(value);
    }
}

/// Whether a response with this status has a body ([RFC 9110]).
///
/// [RFC 9110]: https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1
pub(in crate::layer) fn has_body(status: StatusCode) -> bool {
    !status.is_informational()
        && !matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
}

/// The value of `Content-Length`, if it is a number.
pub(in crate::layer) fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Headers that describe the original bytes.
const OF_ORIGINAL_BYTES: [HeaderName; 5] = [
    ACCEPT_RANGES,
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("content-md5"),
    HeaderName::from_static("digest"),
    HeaderName::from_static("repr-digest"),
];

/// Corrects the headers of a page that grows by this many bytes; `None` if the number is not known yet.
pub(in crate::layer) fn correct(headers: &mut HeaderMap, growth: Option<i64>) {
    if growth == Some(0) {
        return;
    }
    let length = growth.and_then(|growth| content_length(headers)?.checked_add_signed(growth));
    match length {
        Some(length) => headers.insert(CONTENT_LENGTH, length.into()),
        None => headers.remove(CONTENT_LENGTH),
    };
    weaken_etag(headers);
    for name in &OF_ORIGINAL_BYTES {
        headers.remove(name);
    }
}

/// Makes the `ETag` of a `304` the one that the client knows: a weak one, if the bytes of the stored page
/// were changed.
pub(super) fn match_etag(headers: &mut HeaderMap, known: Option<&HeaderValue>) {
    let (Some(known), Some(etag)) = (known, headers.get(ETAG)) else {
        return;
    };
    let lists = |prefix: &[u8]| {
        let etag = [prefix, etag.as_bytes()].concat();
        etags(known.as_bytes()).any(|it| it == etag)
    };
    if lists(b"W/") && !lists(b"") {
        weaken_etag(headers);
    }
}

/// The entity tags of a list; commas may be part of them.
fn etags(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut is_quoted = false;
    let etags = list.split(move |byte| {
        is_quoted ^= *byte == b'"';
        *byte == b',' && !is_quoted
    });
    etags.map(<[u8]>::trim_ascii)
}

fn weaken_etag(headers: &mut HeaderMap) {
    let Some(strong) = headers
        .get(ETAG)
        .filter(|etag| etag.as_bytes().starts_with(b"\""))
    else {
        return;
    };
    match HeaderValue::from_bytes(&[b"W/", strong.as_bytes()].concat()) {
        Ok(weak) => headers.insert(ETAG, weak),
        Err(_) => headers.remove(ETAG),
    };
}
