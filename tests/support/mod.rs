//! What tests of several files share.

#[cfg(all(feature = "axum", feature = "sentry"))]
pub(crate) mod body;
#[cfg(all(feature = "axum", feature = "sentry"))]
pub(crate) mod envelope;
pub(crate) mod ids;
#[cfg(all(feature = "axum", feature = "sentry"))]
pub(crate) mod ingest;
#[cfg(feature = "axum")]
pub(crate) mod log;
#[cfg(feature = "axum")]
pub(crate) mod request;
#[cfg(all(feature = "axum", feature = "sentry"))]
pub(crate) mod sdk;
#[cfg(all(feature = "axum", feature = "sentry"))]
pub(crate) mod tags;
