//! Whether a trace is sampled, and the numbers behind the decision.
//!
//! 1. A `traces_sampler` is always asked, for continued traces too. The trace is sampled exactly when its
//!    [`SampleRand`] is below the rate that the sampler returns. Where that is the caller's own rate, the
//!    caller's decision stands, unless no number explains it: a rate of 0 always decides against a trace.
//! 2. Without a sampler, the caller's decision is inherited.
//! 3. Without a caller's decision, the [`SampleRand`] is compared with `traces_sample_rate`.
//! 4. Without a rate, the decision is *deferred* to the next service.
//!
//! Source: <https://develop.sentry.dev/sdk/foundations/trace-propagation/dynamic-sampling-context/>

mod decide;
mod decimal;
mod rand;
mod rate;
mod sampler;

pub(crate) use decide::{Sampling, SdkDecision};
pub use rand::SampleRand;
pub use rate::SampleRate;
pub(crate) use sampler::Sampler;
pub use sampler::SamplingContext;
