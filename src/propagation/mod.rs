//! The values of a trace on the wire: how they are parsed, printed and passed on.

mod baggage;
mod entries;
mod incoming;
mod outgoing;
mod percent;
mod sentry_trace;
mod targets;

pub use baggage::Baggage;
pub(crate) use baggage::opening;
pub use incoming::IncomingTrace;
pub use outgoing::{OutgoingTrace, PROPAGATION_HEADERS};
pub use sentry_trace::{SentryTrace, Traceparent};
pub use targets::PropagationTarget;
pub(crate) use targets::PropagationTargets;

/// The name of the header, the `<meta>` tag and the `Server-Timing` metric of a [`SentryTrace`].
pub const SENTRY_TRACE: &str = "sentry-trace";

/// The name of the header, the `<meta>` tag and the `Server-Timing` metric of a [`Baggage`].
pub const BAGGAGE: &str = "baggage";

/// The name of the W3C header and the `<meta>` tag, written if
/// [`propagate_traceparent`](crate::TraceOptions::propagate_traceparent) is on.
pub const TRACEPARENT: &str = "traceparent";

/// The prefix of the keys that belong to Sentry in a baggage.
const PREFIX: &str = "sentry-";
