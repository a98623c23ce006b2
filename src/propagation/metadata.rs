//! The values of a trace as the metadata of a queued message.

use http::{HeaderMap, HeaderValue};

use super::{BAGGAGE, IncomingTrace, OutgoingTrace, SENTRY_TRACE, TRACEPARENT};

impl OutgoingTrace {
    /// The metadata of a queued message: names and values, in the form of the headers of a request.
    ///
    /// Where there is no baggage, there is no pair for it. The consumer reads them with
    /// [`IncomingTrace::from_metadata`].
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
    /// A baggage is merged as in [`insert_into`](Self::insert_into). Where it had nothing but `sentry-`
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

const BAGGAGE_NAME: http::HeaderName = http::HeaderName::from_static(BAGGAGE);

impl IncomingTrace {
    /// Reads the trace from the metadata of a queued message, given as names and values; `None` where there is
    /// none to continue. The case of names does not matter.
    ///
    /// ```
    /// use sentry_ssr::{IncomingTrace, RootSpan, TraceOptions, TransactionName};
    ///
    /// let message = [("Sentry-Trace", b"771a43a4192642f0b136d5159a501700-b7ad6b7169203331-1")];
    /// let incoming = IncomingTrace::from_metadata(message);
    /// let name = TransactionName::custom("orders").with_op("queue.process");
    /// let span = RootSpan::start(&TraceOptions::new(), incoming, &name);
    /// assert_eq!(span.trace_id().to_string(), "771a43a4192642f0b136d5159a501700");
    /// ```
    #[must_use]
    pub fn from_metadata<N: AsRef<str>, V: AsRef<[u8]>>(
        metadata: impl IntoIterator<Item = (N, V)>,
    ) -> Option<Self> {
        let (mut sentry_trace, mut baggage) = (Vec::new(), Vec::new());
        for (name, value) in metadata {
            let name = name.as_ref();
            if name.eq_ignore_ascii_case(SENTRY_TRACE) {
                sentry_trace.push(value);
            } else if name.eq_ignore_ascii_case(BAGGAGE) {
                baggage.push(value);
            }
        }
        Self::parse(sentry_trace, baggage)
    }
}
