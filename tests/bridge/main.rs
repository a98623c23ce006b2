//! The bridge to the SDK, shown by what goes over the wire to Sentry.
#![cfg(all(feature = "axum", feature = "sentry"))]

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "some of it is for other tests")]
mod support;

mod adoption;
mod concurrency;
mod endings;
mod instrumented;
mod process;
mod scope;
mod script;
mod served;
mod teardown;
mod trace;
mod transaction;
