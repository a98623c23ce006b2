//! Rates as the SDK has them.

use crate::sampling::SampleRate;

pub(super) fn of_sdk(rate: f32) -> Option<SampleRate> {
    SampleRate::new(number(rate))
}

/// The number that was meant: `0.1_f32` is not the `f64` nearest to a tenth.
pub(super) fn number(rate: f32) -> f64 {
    rate.to_string().parse().unwrap_or_default()
}
