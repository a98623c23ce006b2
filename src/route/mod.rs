//! The pattern that a request's path matched, where a router tells it.

#[cfg(feature = "axum")]
mod axum;
#[cfg(not(feature = "axum"))]
mod unknown;

#[cfg(feature = "axum")]
pub(crate) use self::axum::{MatchedRoute, kept_route, matched_route};
#[cfg(not(feature = "axum"))]
pub(crate) use self::unknown::{MatchedRoute, kept_route, matched_route};
