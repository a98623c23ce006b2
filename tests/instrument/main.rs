//! What an instrumented client sends: seen at the far end of the wire, by every HTTP transport.
#![cfg(all(feature = "axum", feature = "sentry"))]

mod carried;
mod context;
mod limits;
mod rig;
mod sampler;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod support;
mod transport;
