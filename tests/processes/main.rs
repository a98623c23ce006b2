//! Tests that need a process of their own: what they try could abort it, or changes it for good.

#[cfg(feature = "axum")]
mod child;
mod environment;
#[cfg(all(feature = "axum", feature = "sentry"))]
mod instrument_warning;
#[cfg(all(feature = "axum", feature = "sentry"))]
mod main_hub;
#[cfg(feature = "axum")]
mod page_outside_request;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod support;
#[cfg(all(feature = "axum", feature = "sentry"))]
mod teardown;
