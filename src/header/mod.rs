//! The headers of a trace, one a file: grammar, parsing, printing.

mod baggage;
mod clean;
mod entry;
mod incoming;
mod list;
mod notes;
mod percent;
mod read;
mod sentry_trace;
mod traceparent;

pub use baggage::Baggage;
pub(crate) use baggage::opening;
pub use incoming::IncomingTrace;
pub use sentry_trace::SentryTrace;
pub use traceparent::Traceparent;

/// The name of the header, the `<meta>` tag and the `Server-Timing` entry that carry a
/// [`SentryTrace`].
pub const SENTRY_TRACE: &str = "sentry-trace";

/// The name of the header, the `<meta>` tag and the `Server-Timing` entry that carry a [`Baggage`].
pub const BAGGAGE: &str = "baggage";

/// The name of the W3C header, and of the `<meta>` tag, written where
/// [`propagate_traceparent`](crate::TraceOptions::propagate_traceparent) asks for it.
pub const TRACEPARENT: &str = "traceparent";
