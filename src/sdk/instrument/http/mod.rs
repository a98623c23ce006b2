//! Transports that put the `trace` header in at the last moment: after the SDK's own queue and rate
//! limiter, which need to see the items, and before its own rules for what an answer means.
//!
//! An ingest closes connections that are idle, or is restarted. So that no envelope is lost by that, and
//! none is sent twice that may have been received:
//!
//! 1. A connection that was closed is not used, nor one that was idle for longer than [`MAX_IDLE`].
//! 2. An envelope whose connection is reset before the answer is sent once more: a reset says that not all
//!    of it was read. Where the connection ends in another way it is lost, and reported so.

#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "ureq")]
mod ureq;

#[cfg(any(feature = "reqwest", feature = "ureq"))]
mod ingest;

use std::sync::Arc;
#[cfg(any(feature = "reqwest", feature = "ureq"))]
use std::{error::Error, io, iter, time::Duration};

use sentry::TransportFactory;

/// How long a connection is kept for the next envelope: less than the five seconds after which Relay and
/// many servers close it.
#[cfg(any(feature = "reqwest", feature = "ureq"))]
const MAX_IDLE: Duration = Duration::from_secs(4);

/// The transport for a client that names none: by the HTTP client that the SDK would prefer.
pub(super) fn default() -> Option<Arc<dyn TransportFactory>> {
    let by_preference: &[fn() -> Arc<dyn TransportFactory>] = &[
        #[cfg(feature = "reqwest")]
        || Arc::new(reqwest::Reqwest),
        #[cfg(feature = "ureq")]
        || Arc::new(ureq::Ureq),
    ];
    by_preference.first().map(|make| make())
}

/// Whether the other side had no use for a connection any more.
#[cfg(any(feature = "reqwest", feature = "ureq"))]
fn is_reset(error: &(dyn Error + 'static)) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};

    iter::successors(Some(error), |error| (*error).source())
        .filter_map(|error| error.downcast_ref::<io::Error>())
        .any(|error| {
            matches!(
                error.kind(),
                BrokenPipe | ConnectionAborted | ConnectionReset
            )
        })
}
