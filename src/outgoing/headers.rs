use http::{HeaderMap, HeaderName, HeaderValue};

use super::OutgoingTrace;
use crate::header::{BAGGAGE, Baggage, SENTRY_TRACE, TRACEPARENT};

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
    /// other vendors stay as they are, `sentry-` entries make way for ours, which are left out one
    /// by one where the whole would get longer than [`Baggage::MAX_LEN`].
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

/// Whether an entry is a `sentry-` one, well-formed or not.
fn is_ours(entry: &[u8]) -> bool {
    entry.trim_ascii_start().starts_with(b"sentry-")
}

/// All entries of the others, then as many of ours as fit.
fn merge(headers: &HeaderMap, ours: &Baggage) -> Vec<u8> {
    let theirs = headers
        .get_all(BAGGAGE)
        .into_iter()
        .flat_map(|header| header.as_bytes().split(|byte| *byte == b','))
        .filter(|entry| !is_ours(entry) && !entry.trim_ascii().is_empty());
    let mut merged = theirs.collect::<Vec<_>>().join(&b',');
    for entry in ours.as_str().split(',').filter(|entry| !entry.is_empty()) {
        let comma = usize::from(!merged.is_empty());
        if merged.len() + comma + entry.len() <= Baggage::MAX_LEN {
            merged.extend([b','].iter().take(comma));
            merged.extend(entry.as_bytes());
        }
    }
    merged
}
