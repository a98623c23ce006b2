//! The tests that can run side by side in one process: one module a subject, one test a rule.
//!
//! None of them may set a variable of the environment, bind a client to the process's own hub, or rely on what happens
//! only once in a process: such tests go to `tests/processes`.

mod auto_traits;
#[cfg(all(feature = "axum", feature = "sentry"))]
mod behind_edge;
mod cache_rules;
mod caches;
#[cfg(feature = "axum")]
mod examples;
#[cfg(feature = "axum")]
mod extractor;
mod incoming;
#[cfg(all(feature = "axum", feature = "sentry"))]
mod instrument;
#[cfg(feature = "axum")]
mod layer;
#[cfg(feature = "askama")]
mod meta_tags;
mod option_variables;
mod options;
#[cfg(feature = "axum")]
mod outgoing;
mod outgoing_baggage;
#[cfg(feature = "axum")]
mod pages;
mod properties;
mod readme;
mod request_kinds;
mod rewrite;
#[cfg(all(feature = "axum", feature = "sentry"))]
mod route;
mod route_name;
mod scripts;
#[cfg(all(feature = "axum", feature = "sentry"))]
mod sdk;
mod server_timing;
mod stale_guard;
#[path = "../rules/strategies.rs"]
mod strategies;
#[path = "../support/mod.rs"]
mod support;
mod targets;
#[cfg(feature = "testing")]
mod testing;
mod trace_data;
#[cfg(all(feature = "axum", feature = "sentry"))]
mod traces;
mod values;
