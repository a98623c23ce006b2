//! The bridge to the official Sentry SDK, the one module that knows it.
//!
//! With the feature `sentry` a root span is the SDK's transaction: same ids, same decision, finished
//! under the request's own hub. Without it, or while no client is bound, all of this does nothing.
//!
//! 1. A request gets a hub of its own, so that nothing it does to its scope shows in another.
//! 2. A span that is active when the root span begins is adopted: its ids and decision count, and no
//!    transaction is started. Not so the span of the process: all its threads begin with that.
//! 3. Where the SDK lets a decision be set it is ours; where it insists on rolling its own dice (a
//!    `traces_sampler` function of a client that is not instrumented) its decision is read back.
//! 4. A transaction is finished once, on a thread that still has its thread-locals.

#[cfg(feature = "sentry")]
mod finish;
#[cfg(feature = "sentry")]
mod instrument;
#[cfg(not(feature = "sentry"))]
#[expect(clippy::unused_self, reason = "of the real one's shape")]
mod noop;
#[cfg(feature = "sentry")]
mod options;
#[cfg(feature = "sentry")]
mod rate;
#[cfg(feature = "sentry")]
mod real;
#[cfg(feature = "sentry")]
mod request;
#[cfg(feature = "sentry")]
mod sensitive;

use std::panic::RefUnwindSafe;
use std::sync::Arc;

#[cfg(feature = "sentry")]
pub use instrument::{EnvelopeForm, Instrumentation, instrument};
#[cfg(not(feature = "sentry"))]
pub(crate) use noop::{Recorder, RequestHub};
#[cfg(feature = "sentry")]
pub(crate) use real::{Recorder, RequestHub};

use crate::dsc::DynamicSamplingContext;
use crate::options::TraceOptions;

#[cfg(feature = "sentry")]
const OP: &str = "http.server";

/// What explains the sampling of a root span to Sentry; asking for it freezes it.
#[cfg_attr(
    not(feature = "sentry"),
    expect(dead_code, reason = "only the SDK asks for it")
)]
pub(crate) trait Explanation: Send + Sync + RefUnwindSafe {
    fn context(&self) -> &DynamicSamplingContext;
}

/// What Sentry shows of a request, kept from the moment it comes until an event asks for it.
#[cfg_attr(
    not(feature = "sentry"),
    expect(dead_code, reason = "only the SDK asks for it")
)]
pub(crate) trait RequestFacts: Send + Sync + RefUnwindSafe {
    fn method(&self) -> &str;
    /// The URL without user, password, query and fragment.
    fn url(&self) -> Option<String>;
    fn query(&self) -> Option<&str>;
    /// The headers that are text and not marked as sensitive.
    fn headers(&self) -> Vec<(&str, &str)>;
}

impl TraceOptions {
    /// The options of the Sentry client that is bound now, so call it after `sentry::init`; those of
    /// [`new`](Self::new) without one.
    pub fn of_client() -> Self {
        RequestHub::fresh()
            .options()
            .map_or_else(Self::new, Arc::unwrap_or_clone)
    }
}
