use std::borrow::Cow;

use super::notes::Notes;
use super::read::read;
use super::{Baggage, SentryTrace, list};

/// A trace that came with a request: the caller's `sentry-trace` and `sentry-` baggage.
///
/// Rules, after <https://develop.sentry.dev/sdk/foundations/trace-propagation/>:
///
/// 1. of several `sentry-trace` headers, or a comma-joined one, the first that is not empty counts;
/// 2. without a valid `sentry-trace` there is no incoming trace, whatever the baggage says;
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
    baggage: Baggage,
    notes: Notes,
}

impl IncomingTrace {
    /// Reads the trace from all values of the two headers; `None` where there is none to continue.
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
        let (baggage, notes) = read(baggage);
        Some(Self {
            sentry_trace,
            baggage,
            notes,
        })
    }

    /// The caller's `sentry-trace`: the trace, the span that called, and its decision.
    pub const fn sentry_trace(&self) -> SentryTrace {
        self.sentry_trace
    }

    /// The caller's `sentry-` entries, as they came.
    pub const fn baggage(&self) -> &Baggage {
        &self.baggage
    }

    /// The caller's organization; empty where it names none.
    pub(crate) fn org_id(&self) -> Cow<'_, str> {
        self.baggage.value_at(self.notes.org_id)
    }

    pub(crate) fn sample_rand(&self) -> Cow<'_, str> {
        self.baggage.value_at(self.notes.sample_rand)
    }

    pub(crate) fn sample_rate(&self) -> Cow<'_, str> {
        self.baggage.value_at(self.notes.sample_rate)
    }

    pub(crate) fn into_baggage(self) -> Baggage {
        self.baggage
    }
}

type Parsed = Result<SentryTrace, crate::error::ParseError>;

/// The first value of a comma-joined header that is not blank.
fn first_value(header: &[u8]) -> Option<Parsed> {
    list::split(header)
        .find(|value| !value.trim_ascii().is_empty())
        .map(|value| str::from_utf8(value).unwrap_or_default().parse())
}
