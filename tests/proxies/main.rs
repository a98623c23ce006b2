//! Real caching proxies in front of the layer never serve a trace twice: `tests/proxies.sh`.
//!
//! Needs nginx and Varnish, so it is ignored in a plain run of the tests; the script installs them.

#![cfg(all(feature = "axum", feature = "askama", feature = "sentry"))]

#[path = "../../examples/caches.rs"]
#[expect(dead_code, reason = "the test does not start the server")]
mod example;
mod nginx;
mod proxy;
mod site;
mod visitors;
