use std::fmt;
use std::str::FromStr;

use super::decimal::Decimal;
use crate::error::{ParseError, ParseErrorKind};
use crate::text::{WriteTo, serde_as_text};

/// The share of traces that are sampled: a number from 0 (none) to 1 (all).
///
/// It prints as the shortest decimal that parses to the same number, never with an exponent. It is exact to 38
/// decimals; the ones after them are cut off.
///
/// ```
/// use sentry_ssr::SampleRate;
///
/// assert_eq!(SampleRate::try_from(0.25)?.to_string(), "0.25");
/// assert_eq!("1e-6".parse::<SampleRate>()?.to_string(), "0.000001");
/// assert!(SampleRate::try_from(2.0).is_err());
/// # Ok::<_, sentry_ssr::ParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SampleRate(Decimal);

impl SampleRate {
    /// No trace is sampled. That is a decision, unlike no rate at all.
    pub const ZERO: Self = Self(Decimal::ZERO);

    pub(crate) fn new(rate: f64) -> Option<Self> {
        Decimal::from_f64(rate).map(Self)
    }

    /// The rate as the nearest binary number.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0.to_f64()
    }

    pub(super) const fn decimal(self) -> Decimal {
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
        let rate = Decimal::parse(text).map(Self);
        rate.ok_or(ParseError::new(ParseErrorKind::SampleRate))
    }
}

impl WriteTo for SampleRate {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        self.0.write_shortest(out)
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
