use http::{HeaderMap, HeaderName, HeaderValue};

use super::incoming::{SENTRY_BAGGAGE_VAR, SENTRY_TRACE_VAR};
use super::{BAGGAGE, Baggage, PREFIX, SENTRY_TRACE, SentryTrace, TRACEPARENT, Traceparent};

/// The header names of a trace, for the allow-list of a CORS layer: a browser asks for them before it
/// sends them to another origin.
///
/// Add the CORS layer last, outside `RootSpanLayer`, so that it answers preflight requests without a
/// transaction.
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

/// The values of a trace on their way to another service or process.
///
/// They leave as headers of a request or as variables of a process. Creating one freezes the span's values.
///
/// ```
/// # use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
/// # let span = RootSpan::start(&TraceOptions::new(), None, &TransactionName::route("GET", "/"));
/// let mut headers = http::HeaderMap::new();
/// if let Some(trace) = span.outgoing_to("https://api.example.com/users") {
///     trace.insert_into(&mut headers);
/// }
/// assert_eq!(headers["sentry-trace"], span.sentry_trace().to_string());
///
/// std::process::Command::new("report").envs(span.outgoing().env_vars());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct OutgoingTrace {
    trace: SentryTrace,
    baggage: Baggage,
    has_traceparent: bool,
}

impl OutgoingTrace {
    pub(crate) const fn new(trace: SentryTrace, baggage: Baggage, has_traceparent: bool) -> Self {
        Self {
            trace,
            baggage,
            has_traceparent,
        }
    }

    /// The same trace with a child of the root span as the caller; `trace` is what that child would send.
    ///
    /// A `sentry-trace` of another trace is ignored: the baggage would not belong to it.
    ///
    /// ```
    /// # use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
    /// # let span = RootSpan::start(&TraceOptions::new(), None, &TransactionName::route("GET", "/"));
    /// # #[cfg(feature = "sentry")]
    /// if let Some(child) = span.sdk_span().map(|span| span.start_child("http.client", "GET /")) {
    ///     let headers = child.iter_headers();
    ///     let trace = headers.into_iter().find_map(|(_, value)| value.parse().ok());
    ///     let outgoing = trace.map(|trace| span.outgoing().from_child(trace));
    /// #   let _ = outgoing;
    /// }
    /// ```
    pub fn from_child(self, trace: SentryTrace) -> Self {
        if trace.trace_id() == self.trace.trace_id() {
            Self { trace, ..self }
        } else {
            self
        }
    }

    /// The value of `sentry-trace`.
    pub const fn sentry_trace(&self) -> SentryTrace {
        self.trace
    }

    /// The value of `baggage`. Where it is empty, none is sent.
    pub const fn baggage(&self) -> &Baggage {
        &self.baggage
    }

    /// The value of `traceparent`, where the options ask for it.
    #[must_use]
    pub fn traceparent(&self) -> Option<Traceparent> {
        self.has_traceparent.then(|| self.trace.into())
    }

    /// The variables `SENTRY_TRACE` and `SENTRY_BAGGAGE` for a child process.
    ///
    /// Both are always set, the second one to an empty value where there is no baggage, so that the child never
    /// combines this trace with the baggage that its parent was started with. They fit `envs` of
    /// [`std::process::Command`] and of tokio's. The child reads them with
    /// [`IncomingTrace::from_env`](crate::IncomingTrace::from_env).
    ///
    /// Source: <https://develop.sentry.dev/sdk/foundations/trace-propagation/#environment-variables>
    pub fn env_vars(&self) -> impl Iterator<Item = (&'static str, String)> {
        [
            (SENTRY_TRACE_VAR, self.trace.to_string()),
            (SENTRY_BAGGAGE_VAR, self.baggage.to_string()),
        ]
        .into_iter()
    }

    /// Writes the headers of a request.
    ///
    /// An existing `sentry-trace` is replaced. An existing `baggage` is merged: entries of other vendors
    /// stay as they are, `sentry-` entries are replaced by ours, and each of ours that would make the header
    /// longer than [`Baggage::MAX_LEN`] is dropped.
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
    entry.trim_ascii_start().starts_with(PREFIX.as_bytes())
}

/// All entries of other vendors, followed by as many of ours as fit.
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
