mod env;
#[cfg(feature = "tower")]
mod headers;

#[cfg(feature = "tower")]
pub use headers::PROPAGATION_HEADERS;

use crate::header::{Baggage, SentryTrace, Traceparent};
use crate::span::RootSpan;

/// The values of a trace on their way to another service or process.
///
/// They go out as headers of a request or as variables of a process, and freeze the span's values.
///
/// ```
/// # use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
/// # let span = RootSpan::start(&TraceOptions::new(), None, &TransactionName::route("GET", "/"));
/// # #[cfg(feature = "tower")] {
/// let mut headers = http::HeaderMap::new();
/// if let Some(trace) = span.outgoing_to("https://api.example.com/users") {
///     trace.insert_into(&mut headers);
/// }
/// assert_eq!(headers["sentry-trace"], span.sentry_trace().to_string());
/// # }
///
/// std::process::Command::new("report").envs(span.outgoing().env_vars());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct OutgoingTrace {
    trace: SentryTrace,
    span: RootSpan,
}

impl RootSpan {
    /// The trace for whoever is called from this span, wherever that is.
    pub fn outgoing(&self) -> OutgoingTrace {
        OutgoingTrace {
            trace: self.sentry_trace(),
            span: self.clone(),
        }
    }

    /// The trace for a request to `url`; `None` where
    /// [`trace_propagation_targets`](crate::TraceOptions::trace_propagation_targets) leave it out.
    #[must_use]
    pub fn outgoing_to(&self, url: &str) -> Option<OutgoingTrace> {
        self.propagation_targets()
            .include(url)
            .then(|| self.outgoing())
    }
}

impl OutgoingTrace {
    /// The same trace, called from a child of the root span: `trace` is what that child would send.
    ///
    /// A `sentry-trace` of another trace is not taken: the other values would not belong to it.
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

    /// The value of `baggage`, which from now on is frozen. Where it is empty none is sent.
    pub fn baggage(&self) -> &Baggage {
        self.span.baggage()
    }

    /// The value of `traceparent`, where the options ask for it.
    #[must_use]
    pub fn traceparent(&self) -> Option<Traceparent> {
        self.span.traceparent().map(|_| self.trace.into())
    }
}
