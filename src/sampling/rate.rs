use std::fmt;
use std::str::FromStr;

use super::decimal;
use crate::error::{ParseError, ParseErrorKind};
use crate::text::{WriteTo, serde_as_text};

/// The share of traces that are sampled: a number from 0 (none) to 1 (all).
///
/// It prints as the shortest decimal that parses to the same number, never with an exponent.
///
/// ```
/// use sentry_ssr::SampleRate;
///
/// assert_eq!(SampleRate::try_from(0.25)?.to_string(), "0.25");
/// assert_eq!("1e-6".parse::<SampleRate>()?.to_string(), "0.000001");
/// assert!(SampleRate::try_from(2.0).is_err());
/// # Ok::<_, sentry_ssr::ParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct SampleRate(f64);

impl SampleRate {
    /// No trace is sampled. That is a decision, unlike no rate at all.
    pub const ZERO: Self = Self(0.0);

    pub(crate) fn new(rate: f64) -> Option<Self> {
        // `+ 0.0` turns the negative zero, which would print a sign, into the positive one.
        (0.0..=1.0).contains(&rate).then_some(Self(rate + 0.0))
    }

    /// The rate as a number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for SampleRate {
    type Error = ParseError;

    fn try_from(rate: f64) -> Result<Self, ParseError> {
        Self::new(rate).ok_or(ParseError::new(ParseErrorKind::SampleRate))
    }
}

impl FromStr for SampleRate {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let rate = text.parse().ok().and_then(Self::new);
        rate.ok_or(ParseError::new(ParseErrorKind::SampleRate))
    }
}

impl WriteTo for SampleRate {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        match decimal::millionths(self.0) {
            Some(millionths) => decimal::write_shortest(millionths, out),
            None => write!(out, "{}", self.0),
        }
    }
}

impl fmt::Display for SampleRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

serde_as_text! {
    SampleRate: "a number from 0 to 1, as text",
}
