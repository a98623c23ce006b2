//! The bridge to the SDK, shown by what goes over the wire to Sentry.
#![cfg(all(feature = "axum", feature = "sentry"))]

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "some of it is for other tests")]
mod support;

mod trace;
