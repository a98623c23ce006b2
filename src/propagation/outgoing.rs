//! The trace on its way to another service, a queue or a process.

use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;

use super::incoming::{SENTRY_BAGGAGE_VAR, SENTRY_TRACE_VAR};
use super::{
    BAGGAGE, Baggage, PREFIX, SENTRY_TRACE, SentryTrace, TRACEPARENT, Traceparent, entries,
};

/// The header names of a trace, for the allow-list of a CORS layer: a browser asks for
/// permission to send them before it sends them to another origin.
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
/// Send them as the headers of a request, the metadata of a message or the environment variables of a process.
/// Creating an `OutgoingTrace` freezes the span's values.
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

    /// The value of `baggage`. If it is empty, none is sent.
    pub const fn baggage(&self) -> &Baggage {
        &self.baggage
    }

    /// The value of `traceparent`, if the options ask for it.
    #[must_use]
    pub fn traceparent(&self) -> Option<Traceparent> {
        self.has_traceparent.then(|| self.trace.into())
    }

    /// The variables `SENTRY_TRACE` and `SENTRY_BAGGAGE` for a child process.
    ///
    /// Both are always set, the second one to an empty value if there is no baggage, so that the child never
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
    /// stay as they are, and `sentry-` entries, however they are percent-encoded, are replaced by ours. Each of
    /// ours that would make the header longer than [`Baggage::MAX_LEN`] is dropped, `trace_id` and
    /// `public_key` last; if these two do not fit, none is added.
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

    /// The metadata of a queued message: names and values, in the form of the headers of a request.
    ///
    /// If there is no baggage, there is no pair for it. The consumer reads them with
    /// [`IncomingTrace::from_metadata`](crate::IncomingTrace::from_metadata).
    ///
    /// ```
    /// # use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
    /// # let span = RootSpan::start(&TraceOptions::new(), None, &TransactionName::route("POST", "/orders"));
    /// let metadata = span.outgoing().metadata();
    /// assert_eq!(metadata[0].0, "sentry-trace");
    /// ```
    ///
    /// Source: <https://develop.sentry.dev/sdk/foundations/trace-propagation/#concepts>
    #[must_use]
    pub fn metadata(&self) -> Vec<(&'static str, String)> {
        self.metadata_over::<&str, &str>([])
    }

    /// The same for a message that has metadata already, such as one that is sent again. What this returns
    /// replaces the metadata of the same names.
    ///
    /// A baggage is merged as in [`insert_into`](Self::insert_into). If it had nothing but `sentry-`
    /// entries and there are no new ones, its new value is empty.
    ///
    /// ```
    /// # use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
    /// # let options = TraceOptions::new().release("shop@2");
    /// # let span = RootSpan::start(&options, None, &TransactionName::route("POST", "/orders"));
    /// let message = [("baggage", "vendor=1,sentry-release=shop%401")];
    /// let (_, baggage) = span.outgoing().metadata_over(message).pop().unwrap();
    /// assert!(baggage.starts_with("vendor=1,sentry-trace_id="));
    /// assert!(baggage.contains("sentry-release=shop%402"));
    /// ```
    #[must_use]
    pub fn metadata_over<N: AsRef<str>, V: AsRef<[u8]>>(
        &self,
        existing: impl IntoIterator<Item = (N, V)>,
    ) -> Vec<(&'static str, String)> {
        let baggage = existing
            .into_iter()
            .filter(|(name, _)| name.as_ref().eq_ignore_ascii_case(BAGGAGE))
            .filter_map(|(_, value)| HeaderValue::from_bytes(value.as_ref()).ok());
        let mut headers: HeaderMap = baggage.map(|value| (BAGGAGE_NAME, value)).collect();
        let replaces_baggage = !headers.is_empty();
        self.insert_into(&mut headers);
        [SENTRY_TRACE, TRACEPARENT, BAGGAGE]
            .into_iter()
            .filter_map(|name| match headers.get(name) {
                Some(value) => Some((name, String::from_utf8_lossy(value.as_bytes()).into_owned())),
                None => (name == BAGGAGE && replaces_baggage).then(|| (name, String::new())),
            })
            .collect()
    }
}

const BAGGAGE_NAME: HeaderName = HeaderName::from_static(BAGGAGE);

fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Whether the next reader takes an entry for a `sentry-` one: it decodes the key first.
fn is_ours(entry: &[u8]) -> bool {
    let key = entry.split(|byte| *byte == b'=').next();
    let key = String::from_utf8_lossy(key.unwrap_or_default());
    percent_decode_str(key.trim())
        .take(PREFIX.len())
        .eq(PREFIX.bytes())
}

/// All entries of other vendors, followed by as many of ours as fit.
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

/// As many entries of a list as fit, in their order. The [vital](is_vital) ones come first; if they do
/// not fit, there are none.
fn fitting(list: &str, room: usize) -> Vec<&str> {
    let len = |entry: &&str| entry.len() + 1;
    let mut entries: Vec<_> = list.split(',').filter(|entry| !entry.is_empty()).collect();
    let vital: usize = entries.iter().filter(|it| is_vital(it)).map(len).sum();
    // There is one comma less than there are entries.
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

/// Whether the entry has a vital key.
fn is_vital(entry: &str) -> bool {
    let key = entry.split('=').next();
    key.and_then(|key| key.strip_prefix(PREFIX))
        .is_some_and(entries::is_vital)
}
