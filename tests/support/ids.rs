//! The trace that a caller hands on, where it matters not which one.

/// A whole value of `sentry-trace`, sampled.
pub(crate) const SENTRY_TRACE: &str = "771a43a4192642f0b136d5159a501700-b7ad6b7169203331-1";

/// The trace id in it.
pub(crate) const TRACE_ID: &str = SENTRY_TRACE.split_at(32).0;

/// The id of the caller's span in it.
pub(crate) const SPAN_ID: &str = SENTRY_TRACE.split_at(33).1.split_at(16).0;

/// The value with another decision: `-1`, `-0`, or nothing where it is deferred.
pub(crate) fn sentry_trace(decision: &str) -> String {
    format!("{TRACE_ID}-{SPAN_ID}{decision}")
}
