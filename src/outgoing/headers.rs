use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;

use super::OutgoingTrace;
use crate::header::{BAGGAGE, Baggage, SENTRY_TRACE, TRACEPARENT};

/// How the decoded key of an entry of ours begins.
const OURS: &[u8] = b"sentry-";

/// The headers of a trace, for the allow-list of a CORS layer: a browser on another origin asks for
/// them before it sends them. Add that layer last, outside of `RootSpanLayer`: it then answers what the
/// browser asks beforehand, which makes no transactions.
///
/// ```
/// use tower_http::cors::{Any, CorsLayer};
///
/// let cors = CorsLayer::new()
///     .allow_origin(Any)
///     .allow_headers(sentry_ssr::PROPAGATION_HEADERS);
/// ```
///
/// Source: <https://docs.sentry.io/platforms/javascript/tracing/distributed-tracing/dealing-with-cors-issues/>
pub const PROPAGATION_HEADERS: [HeaderName; 2] = [
    HeaderName::from_static(SENTRY_TRACE),
    HeaderName::from_static(BAGGAGE),
];

impl OutgoingTrace {
    /// Writes the headers of a request.
    ///
    /// A `sentry-trace` that is there already is replaced. A `baggage` is merged: the entries of
    /// other vendors stay as they are, `sentry-` entries, however they are percent-encoded, make way for
    /// ours. Those are left out one by one where the whole would get longer than
    /// [`Baggage::MAX_LEN`], `trace_id` and `public_key` last; where these two do not fit none is added.
    pub fn insert_into(&self, headers: &mut HeaderMap) {
        insert(headers, SENTRY_TRACE, &self.sentry_trace().to_string());
        if let Some(traceparent) = self.traceparent() {
            insert(headers, TRACEPARENT, &traceparent.to_string());
        }
        let merged = merge(headers, self.baggage());
        headers.remove(BAGGAGE);
        if let Ok(value) = HeaderValue::from_bytes(&merged)
            && !merged.is_empty()
        {
            headers.insert(BAGGAGE, value);
        }
    }
}

fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Whether whoever reads the list next will take an entry for a `sentry-` one: keys are decoded first.
fn is_ours(entry: &[u8]) -> bool {
    let key = entry.split(|byte| *byte == b'=').next();
    let key = String::from_utf8_lossy(key.unwrap_or_default());
    percent_decode_str(key.trim())
        .take(OURS.len())
        .eq(OURS.iter().copied())
}

/// All entries of the others, then as many of ours as fit.
fn merge(headers: &HeaderMap, ours: &Baggage) -> Vec<u8> {
    let theirs = headers
        .get_all(BAGGAGE)
        .into_iter()
        .flat_map(|header| header.as_bytes().split(|byte| *byte == b','))
        .filter(|entry| !is_ours(entry) && !entry.trim_ascii().is_empty());
    let mut merged = theirs.collect::<Vec<_>>().join(&b',');
    let comma = usize::from(!merged.is_empty());
    let room = Baggage::MAX_LEN.saturating_sub(merged.len() + comma);
    let ours = fitting(ours.as_str(), room).join(",");
    if !ours.is_empty() {
        merged.extend([b','].iter().take(comma));
        merged.extend(ours.as_bytes());
    }
    merged
}

/// As many entries of a list as fit, in their order: first those that [`is_vital`], and none where
/// these do not fit.
fn fitting(list: &str, room: usize) -> Vec<&str> {
    let len = |entry: &&str| entry.len() + 1;
    let mut entries: Vec<_> = list.split(',').filter(|entry| !entry.is_empty()).collect();
    let vital: usize = entries.iter().filter(|it| is_vital(it)).map(len).sum();
    // One comma less than entries.
    let Some(mut left) = (room + 1).checked_sub(vital) else {
        return Vec::new();
    };
    entries.retain(|entry| {
        let rest = left.checked_sub(if is_vital(entry) { 0 } else { len(entry) });
        left = rest.unwrap_or(left);
        rest.is_some()
    });
    entries
}

/// Without these entries the others say nothing.
fn is_vital(entry: &str) -> bool {
    let key = entry.split('=').next();
    matches!(key, Some("sentry-trace_id" | "sentry-public_key"))
}
