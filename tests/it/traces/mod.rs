//! The values of a trace and what is sent about it, rule by rule.

mod callers;
mod methods;
mod numbers;
mod preflight;
mod queue;
mod samplers;
mod spawned;
mod speculation;
mod statuses;
mod unknown;
