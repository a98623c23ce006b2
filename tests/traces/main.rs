//! The values of a trace and what is sent about it, rule by rule.
#![cfg(all(feature = "axum", feature = "sentry"))]

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod support;

#[path = "../rules/strategies.rs"]
mod strategies;

mod methods;
mod numbers;
mod preflight;
mod queue;
mod samplers;
mod spawned;
mod statuses;
mod unknown;
