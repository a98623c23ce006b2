//! Transports that put the `trace` header in at the last moment: after the SDK's own queue and rate
//! limiter, which need to see the items, and before its own rules for what an answer means.

#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "ureq")]
mod ureq;

#[cfg(any(feature = "reqwest", feature = "ureq"))]
mod ingest;

use std::sync::Arc;

use sentry::TransportFactory;

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
