//! The bridge to the official Sentry SDK, and the only module that uses it.
//!
//! With a bound client, a root span is a transaction of the SDK: same ids, same decision, finished under the
//! request's own hub. Without the feature `sentry`, `noop.rs` takes the place of this module.
//!
//! 1. Each request gets its own hub, so that its changes to the scope stay its own.
//! 2. A span that is active when the root span starts is adopted: the root span takes over its ids and its decision,
//!    and no transaction is started. A span on the main hub is not adopted, because every thread's hub is a copy of it.
//! 3. The SDK is asked first. If it accepts a decision, ours is used. If it insists on its own (a
//!    `traces_sampler` function of a client that is not instrumented), ours follows it.
//! 4. A transaction is finished once, on a thread that still has its thread-locals.

mod hub;
mod instrument;
mod options;
mod request_data;
mod scope;
mod sensitive;
mod span;
mod transaction;

pub(crate) use hub::TaskHub;
pub use instrument::{EnvelopeForm, Instrumentation, instrument};
pub use options::inherit_or_sample_with;
pub(crate) use scope::{RequestHub, RequestScope};
use sentry::protocol;
pub(crate) use span::SdkSpan;

use crate::error::ParseError;
use crate::id::{SpanId, TraceId};

impl From<TraceId> for protocol::TraceId {
    fn from(id: TraceId) -> Self {
        (*id.as_bytes()).into()
    }
}

impl From<SpanId> for protocol::SpanId {
    fn from(id: SpanId) -> Self {
        (*id.as_bytes()).into()
    }
}

/// Fails for an id of zeros, which no trace has.
impl TryFrom<protocol::TraceId> for TraceId {
    type Error = ParseError;

    fn try_from(id: protocol::TraceId) -> Result<Self, ParseError> {
        id.to_string().parse()
    }
}

/// Fails for an id of zeros, which no span has.
impl TryFrom<protocol::SpanId> for SpanId {
    type Error = ParseError;

    fn try_from(id: protocol::SpanId) -> Result<Self, ParseError> {
        id.to_string().parse()
    }
}

/// The decimal number that a rate of the SDK means: `0.1_f32` is not the `f64` nearest to a tenth.
fn decimal(rate: f32) -> f64 {
    rate.to_string().parse().unwrap_or_default()
}
