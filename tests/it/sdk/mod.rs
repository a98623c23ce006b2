//! The bridge to the SDK, shown by what goes over the wire to Sentry.

mod adoption;
mod body;
mod concurrency;
mod endings;
mod extractor;
mod instrumented;
mod options;
mod personal_data;
mod sampler;
mod scope;
mod served;
mod trace;
mod transaction;
