//! The two numbers whose comparison decides whether a trace is sampled: `sample_rate` and `sample_rand`.

use std::fmt;
use std::str::FromStr;

use super::decimal::{Decimal, MILLION};
use crate::error::{ParseError, ParseErrorKind};
use crate::id::TraceId;
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
#[must_use]
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

/// The random number that all services of a trace compare with their rate: from 0 up to, but excluding, 1.
///
/// A trace is sampled exactly when its number is below the rate. This crate's own numbers have six decimals and are
/// derived from the trace id, so that a trace has the same number everywhere. Numbers from other services are
/// exact to 38 decimals; the ones after them are cut off.
///
/// ```
/// use sentry_ssr::{SampleRand, SampleRate};
///
/// let rand: SampleRand = "0.1".parse()?;
/// assert_eq!(rand.to_string(), "0.100000");
/// assert!(!rand.is_below("0.1".parse()?));
/// assert!(rand.is_below("0.100001".parse()?));
/// # Ok::<_, sentry_ssr::ParseError>(())
/// ```
///
/// Source: <https://develop.sentry.dev/sdk/foundations/trace-propagation/dynamic-sampling-context/>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[must_use]
pub struct SampleRand(Decimal);

impl SampleRand {
    /// The number that this crate derives from a trace id: a multiple of one millionth.
    pub fn of(trace_id: TraceId) -> Self {
        Self::from_millionths(millionths_of(trace_id))
    }

    /// A number, derived from the trace id, that explains a decision at `rate`: below the rate for a sampled
    /// trace, not below it for an unsampled one. `None` if no number can, as for a trace that is sampled
    /// at rate 0.
    #[doc(hidden)]
    #[must_use]
    pub fn explaining(sampled: bool, rate: SampleRate, trace_id: TraceId) -> Option<Self> {
        let threshold = rate.decimal().millionths_rounded_up();
        let (start, count) = if sampled {
            (0, threshold)
        } else {
            (threshold, MILLION - threshold)
        };
        let offset = u64::from(millionths_of(trace_id)) * u64::from(count) / u64::from(MILLION);
        let millionths = start + u32::try_from(offset).ok()?;
        (count > 0).then(|| Self::from_millionths(millionths))
    }

    /// Whether a trace with this number is sampled at `rate`. The two are compared as decimals.
    #[must_use]
    pub fn is_below(self, rate: SampleRate) -> bool {
        self.0 < rate.decimal()
    }

    fn new(rand: Option<Decimal>) -> Result<Self, ParseError> {
        let rand = rand.filter(|rand| *rand < Decimal::ONE).map(Self);
        rand.ok_or(ParseError::new(ParseErrorKind::SampleRand))
    }

    const fn from_millionths(millionths: u32) -> Self {
        Self(Decimal::from_millionths(millionths))
    }
}

/// The bits at the end of an id are random in every kind of trace id that is in use.
fn millionths_of(trace_id: TraceId) -> u32 {
    const LAST_SEVEN_BYTES: u128 = (1 << 56) - 1;
    let last = u128::from_be_bytes(*trace_id.as_bytes()) & LAST_SEVEN_BYTES;
    let random = u64::try_from(last).unwrap_or_default();
    u32::try_from(random % u64::from(MILLION)).unwrap_or_default()
}

impl TryFrom<f64> for SampleRand {
    type Error = ParseError;

    fn try_from(rand: f64) -> Result<Self, ParseError> {
        Self::new(Decimal::from_f64(rand))
    }
}

impl FromStr for SampleRand {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::new(Decimal::parse(text))
    }
}

impl WriteTo for SampleRand {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        self.0.write_padded(out)
    }
}

impl fmt::Display for SampleRand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

serde_as_text! {
    SampleRate: "a number from 0 to 1, as text",
    SampleRand: "a number from 0 up to, but excluding, 1, as text",
}
