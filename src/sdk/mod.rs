//! The bridge to the official Sentry SDK, and the only module that uses it.
//!
//! With the feature `sentry` and a bound client, a root span is a transaction of the SDK: same ids, same
//! decision, finished under the request's own hub. Otherwise everything here does nothing.
//!
//! 1. Each request gets its own hub, so that its changes to the scope stay its own.
//! 2. A span that is active when the root span starts is adopted: its ids and its decision count, and no
//!    transaction is started. A span of the whole process is not adopted, because every thread starts with it.
//! 3. The SDK is asked first. Where it accepts a decision, ours is used. Where it insists on its own (a
//!    `traces_sampler` function of a client that is not instrumented), ours follows it.
//! 4. A transaction is finished once, on a thread that still has its thread-locals.

#[cfg(feature = "sentry")]
mod adopted;
#[cfg(feature = "sentry")]
mod hub;
#[cfg(feature = "sentry")]
mod instrument;
#[cfg(not(feature = "sentry"))]
mod noop;
#[cfg(feature = "sentry")]
mod options;
#[cfg(feature = "sentry")]
mod outcome;
#[cfg(feature = "sentry")]
mod request;
#[cfg(feature = "sentry")]
mod span;
#[cfg(feature = "sentry")]
mod thread_state;
#[cfg(feature = "sentry")]
mod transaction;

use std::sync::Arc;

#[cfg(feature = "sentry")]
pub(crate) use hub::{RequestHub, RequestScope};
#[cfg(feature = "sentry")]
pub use instrument::{EnvelopeForm, Instrumentation, instrument};
#[cfg(not(feature = "sentry"))]
pub(crate) use noop::{RequestHub, RequestScope, SdkSpan, TaskHub};
#[cfg(feature = "sentry")]
pub(crate) use span::{SdkSpan, TaskHub};

use crate::options::TraceOptions;

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The response was sent whole, with this status.
    Status(u16),
    /// The service returned an error, or the body of its response did.
    Failed,
    /// The client did not wait for the end of the response.
    Cancelled,
    /// The handler, or the body of its response, panicked.
    Panicked,
}

impl TraceOptions {
    /// The options of the Sentry client that is bound at the time of the call, or the defaults of
    /// [`new`](Self::new) where none is. Call it after `sentry::init`.
    pub fn of_client() -> Self {
        RequestHub::from_current()
            .options()
            .map_or_else(Self::new, Arc::unwrap_or_clone)
    }
}
