//! The pattern that a request's path matched, where a router tells it.

#[cfg(feature = "axum")]
mod axum;
#[cfg(not(feature = "axum"))]
mod unknown;

#[cfg(feature = "axum")]
pub(crate) use self::axum::matched_route;
#[cfg(not(feature = "axum"))]
pub(crate) use self::unknown::matched_route;
