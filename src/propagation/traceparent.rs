use std::fmt;

use super::SentryTrace;
use crate::text::WriteTo;

/// The ids of a [`SentryTrace`] in the form of the W3C header `traceparent`.
///
/// Grammar: `00-<trace id>-<span id>-<flags>`, where flags are `01` for sampled and `00` otherwise. This header
/// cannot express a deferred decision.
///
/// ```
/// use sentry_ssr::{SentryTrace, Traceparent};
///
/// let trace: SentryTrace = "771a43a4192642f0b136d5159a501700-b7ad6b7169203331-1".parse()?;
/// assert_eq!(
///     Traceparent::from(trace).to_string(),
///     "00-771a43a4192642f0b136d5159a501700-b7ad6b7169203331-01"
/// );
/// # Ok::<_, sentry_ssr::ParseError>(())
/// ```
///
/// Source: <https://www.w3.org/TR/trace-context/#traceparent-header>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use]
pub struct Traceparent(SentryTrace);

impl From<SentryTrace> for Traceparent {
    fn from(trace: SentryTrace) -> Self {
        Self(trace)
    }
}

impl WriteTo for Traceparent {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        let Self(trace) = self;
        out.write_str("00-")?;
        trace.trace_id().write_to(out)?;
        out.write_str("-")?;
        trace.span_id().write_to(out)?;
        out.write_str(if trace.sampled() == Some(true) {
            "-01"
        } else {
            "-00"
        })
    }
}

impl fmt::Display for Traceparent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

impl serde::Serialize for Traceparent {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
