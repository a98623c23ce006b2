//! The bridge to the SDK, shown by what goes over the wire to Sentry.

mod adoption;
mod concurrency;
mod endings;
mod instrumented;
mod scope;
mod served;
mod trace;
mod transaction;
