//! The trace that came in with a request, a message, or the environment of a process.

use std::borrow::Cow;
use std::{env, iter};

use http::{HeaderMap, HeaderName};

use super::entries::{self, EntryIndex, split_list};
use super::{BAGGAGE, Baggage, SENTRY_TRACE, SentryTrace};
use crate::error::ParseError;

/// The environment variables of a child process.
pub(super) const SENTRY_TRACE_VAR: &str = "SENTRY_TRACE";
pub(super) const SENTRY_BAGGAGE_VAR: &str = "SENTRY_BAGGAGE";

/// A trace that came in with a request: the caller's `sentry-trace` and `sentry-` baggage.
///
/// Rules, after <https://develop.sentry.dev/sdk/foundations/trace-propagation/>:
///
/// 1. of several `sentry-trace` headers, or a comma-joined one, the first non-empty value counts;
/// 2. without a valid `sentry-trace` there is no incoming trace, even if there is a baggage;
/// 3. all `baggage` headers are one list.
///
/// ```
/// use sentry_ssr::IncomingTrace;
///
/// let trace = IncomingTrace::parse(
///     ["771a43a4192642f0b136d5159a501700-b7ad6b7169203331-1"],
///     ["sentry-release=app%401.0", "vendor=1"],
/// );
/// assert_eq!(trace.unwrap().baggage().as_str(), "sentry-release=app%401.0");
/// assert!(IncomingTrace::parse(["nonsense"], ["sentry-release=1"]).is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct IncomingTrace {
    sentry_trace: SentryTrace,
    pub(crate) baggage: Baggage,
    index: EntryIndex,
}

impl IncomingTrace {
    /// Reads the trace from all values of the two headers; `None` if there is none to continue.
    #[must_use]
    pub fn parse<T, B>(
        sentry_trace: impl IntoIterator<Item = T>,
        baggage: impl IntoIterator<Item = B>,
    ) -> Option<Self>
    where
        T: AsRef<[u8]>,
        B: AsRef<[u8]>,
    {
        let sentry_trace = sentry_trace
            .into_iter()
            .find_map(|header| first_value(header.as_ref()))?
            .ok()?;
        let (baggage, index) = entries::parse(baggage);
        Some(Self {
            sentry_trace,
            baggage: Baggage::from_wire(baggage),
            index,
        })
    }

    /// Reads the trace from the headers of a request; `None` if there is none to continue.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        // A `HeaderMap` parses a name that it is given as text.
        static TRACE_NAME: HeaderName = HeaderName::from_static(SENTRY_TRACE);
        static BAGGAGE_NAME: HeaderName = HeaderName::from_static(BAGGAGE);

        // Reading the names takes a fraction of looking one up, and most requests have no trace.
        if !headers.keys().any(|name| *name == TRACE_NAME) {
            return None;
        }
        let baggage = iter::once_with(|| headers.get_all(&BAGGAGE_NAME)).flatten();
        Self::parse(headers.get_all(&TRACE_NAME), baggage)
    }

    /// The trace in which this process was started, from `SENTRY_TRACE` and `SENTRY_BAGGAGE`.
    ///
    /// ```
    /// use sentry_ssr::{IncomingTrace, RootSpan, TraceOptions, TransactionName};
    ///
    /// let name = TransactionName::custom("nightly report");
    /// let span = RootSpan::start(&TraceOptions::new(), IncomingTrace::from_env(), &name);
    /// # let _ = span;
    /// ```
    #[must_use]
    pub fn from_env() -> Option<Self> {
        let var = |name| env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        Self::parse(var(SENTRY_TRACE_VAR), var(SENTRY_BAGGAGE_VAR))
    }

    /// The caller's `sentry-trace`: the trace, the span that called, and its decision.
    pub const fn sentry_trace(&self) -> SentryTrace {
        self.sentry_trace
    }

    /// The caller's `sentry-` entries, as they came.
    pub const fn baggage(&self) -> &Baggage {
        &self.baggage
    }

    /// The caller's organization id; empty if there is none.
    pub(crate) fn org_id(&self) -> Cow<'_, str> {
        self.baggage.value_at(self.index.org_id)
    }

    pub(crate) fn sample_rand(&self) -> Cow<'_, str> {
        self.baggage.value_at(self.index.sample_rand)
    }

    pub(crate) fn sample_rate(&self) -> Cow<'_, str> {
        self.baggage.value_at(self.index.sample_rate)
    }
}

impl IncomingTrace {
    /// Reads the trace from the metadata of a queued message, given as names and values; `None` if there is
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

/// The first non-blank value of a comma-joined header.
fn first_value(header: &[u8]) -> Option<Result<SentryTrace, ParseError>> {
    split_list(header)
        .find(|value| !value.trim_ascii().is_empty())
        .map(|value| str::from_utf8(value).unwrap_or_default().parse())
}
