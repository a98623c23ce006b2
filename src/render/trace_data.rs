//! The values of a trace as data, under the names that different front ends use.

use serde::{Deserialize, Serialize};

use crate::propagation::{Baggage, SentryTrace};

/// The values of a trace as data, for the loader of a root route.
///
/// It serializes as `{"sentryTrace": "…", "baggage": "…"}`, without `baggage` if that is empty. With
/// `#[serde(flatten)]` it becomes part of a loader's own response:
///
/// ```
/// use sentry_ssr::{RootSpan, TraceData, TraceOptions, TransactionName};
///
/// #[derive(serde::Serialize)]
/// struct Root {
///     user: &'static str,
///     #[serde(flatten)]
///     trace: TraceData,
/// }
///
/// let span = RootSpan::start(&TraceOptions::new(), None, &TransactionName::route("GET", "/"));
/// let root = Root { user: "ada", trace: span.trace_data() };
/// let json = serde_json::to_value(root).unwrap();
/// assert_eq!(json["user"], "ada");
/// assert_eq!(json["sentryTrace"], span.sentry_trace().to_string());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct TraceData {
    sentry_trace: SentryTrace,
    #[serde(default, skip_serializing_if = "Baggage::is_empty")]
    baggage: Baggage,
}

/// The values of a trace under the names that Remix uses: `sentryTrace` and `sentryBaggage`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct RemixTraceData {
    sentry_trace: SentryTrace,
    #[serde(default, skip_serializing_if = "Baggage::is_empty")]
    sentry_baggage: Baggage,
}

/// The values of a trace under the names of the headers and tags, `sentry-trace` and `baggage`, as head
/// managers need them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[must_use]
pub struct HeadTraceData {
    sentry_trace: SentryTrace,
    #[serde(default, skip_serializing_if = "Baggage::is_empty")]
    baggage: Baggage,
}

impl TraceData {
    pub(crate) const fn new(sentry_trace: SentryTrace, baggage: Baggage) -> Self {
        Self {
            sentry_trace,
            baggage,
        }
    }

    /// The value of `sentry-trace`.
    pub const fn sentry_trace(&self) -> SentryTrace {
        self.sentry_trace
    }

    /// The value of `baggage`. If it is empty, none is sent.
    pub const fn baggage(&self) -> &Baggage {
        &self.baggage
    }

    /// The same values under the names that Remix uses.
    pub fn into_remix(self) -> RemixTraceData {
        RemixTraceData {
            sentry_trace: self.sentry_trace,
            sentry_baggage: self.baggage,
        }
    }

    /// The same values under the names of the tags.
    pub fn into_head(self) -> HeadTraceData {
        HeadTraceData {
            sentry_trace: self.sentry_trace,
            baggage: self.baggage,
        }
    }
}
