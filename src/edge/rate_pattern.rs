//! `sample_rand < sample_rate` as a regular expression, for configurations that cannot compare numbers.

use crate::sampling::SampleRate;

/// A pattern for the decimals of the numbers that are below a rate.
///
/// The comparison is exact for every rate, and for numbers with any count of decimals: it goes digit by digit, and
/// shorter numbers are padded with zeros.
#[derive(Debug, PartialEq)]
pub(super) struct RatePattern {
    /// Matches the padded decimals of the numbers from 0 up to, but excluding, the rate.
    pub(super) regex: String,
    /// The zeros that follow the decimals.
    pub(super) padding: String,
}

/// Matches no digits: nothing is below 0.
const NEVER: &str = "^[^0-9]";

/// Matches all: every number is below 1.
const ALWAYS: &str = "^";

impl RatePattern {
    pub(super) fn new(rate: SampleRate) -> Self {
        let text = rate.to_string();
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let regex = match below(decimals) {
            _ if whole == "1" => ALWAYS.to_owned(),
            None => NEVER.to_owned(),
            Some(digits) => format!("^{digits}"),
        };
        Self {
            regex,
            padding: "0".repeat(decimals.len()),
        }
    }
}

/// Matches digits that are below these, compared from the left; `None` if none are.
fn below(digits: &str) -> Option<String> {
    digits.chars().rev().fold(None, |rest, digit| {
        let rest = rest.map(|rest| format!("{digit}{rest}"));
        match (lower(digit), rest) {
            (Some(lower), Some(rest)) => Some(format!("(?:{lower}|{rest})")),
            (lower, rest) => lower.or(rest),
        }
    })
}

/// Matches each digit that is lower than this one.
fn lower(digit: char) -> Option<String> {
    match digit {
        '0' => None,
        '1' => Some("0".to_owned()),
        _ => {
            let highest = u32::from(digit).checked_sub(1).and_then(char::from_u32)?;
            Some(format!("[0-{highest}]"))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use proptest::prelude::*;
    use regex::Regex;

    use super::RatePattern;
    use crate::sampling::SampleRate;

    const MILLION: u32 = 1_000_000;

    struct Comparison {
        regex: Regex,
        padding: String,
    }

    impl Comparison {
        fn with(rate: &str) -> Self {
            let RatePattern { regex, padding } = RatePattern::new(rate.parse().unwrap());
            let regex = Regex::new(&regex).unwrap();
            Self { regex, padding }
        }

        fn holds(&self, decimals: &str) -> bool {
            self.regex.is_match(&format!("{decimals}{}", self.padding))
        }
    }

    fn decimals(millionths: u32) -> String {
        format!("{millionths:06}")
    }

    /// A rate of this many millionths is compared correctly with its neighbours, with the first and the last.
    fn check(rate: u32) {
        let text = match rate {
            MILLION => "1".to_owned(),
            _ => format!("0.{}", decimals(rate)),
        };
        let below = Comparison::with(&text);
        let others = [
            0,
            rate / 2,
            rate.saturating_sub(1),
            rate,
            rate + 1,
            MILLION - 1,
        ];
        for rand in others.into_iter().filter(|rand| *rand < MILLION) {
            assert_eq!(
                below.holds(&decimals(rand)),
                rand < rate,
                "{rand} and {rate}"
            );
        }
    }

    #[test]
    fn a_pattern_is_short_and_readable() {
        for (rate, pattern) in [
            (0.0, "^[^0-9]"),
            (0.25, "^(?:[0-1]|2[0-4])"),
            (0.1, "^0"),
            (0.01, "^00"),
            (0.105, "^(?:0|10[0-4])"),
            (1.0, "^"),
        ] {
            let rate = SampleRate::new(rate).unwrap();
            assert_eq!(RatePattern::new(rate).regex, pattern);
        }
    }

    #[test]
    fn every_rate_of_four_decimals_is_compared_right() {
        (0..=10_000).for_each(|rate| check(rate * 100));
    }

    #[test]
    #[ignore = "a million patterns: tests/edge/run"]
    fn every_rate_of_six_decimals_is_compared_right() {
        (0..=MILLION).for_each(check);
    }

    #[test]
    fn every_sample_rand_is_compared_right() {
        for rate in [9, 90_909, 333_333] {
            let below = Comparison::with(&(f64::from(rate) / f64::from(MILLION)).to_string());
            for rand in 0..MILLION {
                assert_eq!(
                    below.holds(&decimals(rand)),
                    rand < rate,
                    "{rand} and {rate}"
                );
            }
        }
    }

    #[test]
    fn a_rate_of_more_decimals_than_a_sample_rand_is_compared_exactly() {
        for (rate, rand, is_below) in [
            ("0.3333333333333333", "333333", true),
            ("0.3333333333333333", "333334", false),
            ("0.3333339", "33333389", true),
            ("0.3333339", "333333900", false),
            ("1e-7", "000000", true),
            ("1e-7", "000001", false),
            ("1e-38", "000000", true),
            ("0.9999999", "999999", true),
            ("0.9999999", "9999999", false),
        ] {
            assert_eq!(
                Comparison::with(rate).holds(rand),
                is_below,
                "{rand} and {rate}"
            );
        }
    }

    /// Decimals as numbers of equal length.
    fn compare(one: &str, other: &str) -> Ordering {
        let len = one.len().max(other.len());
        format!("{one:0<len$}").cmp(&format!("{other:0<len$}"))
    }

    proptest! {
        #[test]
        fn any_rate_is_compared_right(rate in 0.0_f64..1.0, rand in "[0-9]{1,20}") {
            let rate = SampleRate::new(rate).unwrap().to_string();
            let decimals = rate.split_once('.').map_or("", |(_, decimals)| decimals);
            let is_below = compare(&rand, decimals) == Ordering::Less;
            prop_assert_eq!(Comparison::with(&rate).holds(&rand), is_below);
        }

        #[test]
        fn neighbours_of_a_rate_are_compared_right(rate in 0.0_f64..1.0, digit in 1_u32..9) {
            let rate = SampleRate::new(rate).unwrap().to_string();
            let decimals = rate.split_once('.').map_or("0", |(_, decimals)| decimals);
            let below = Comparison::with(&rate);
            prop_assert!(!below.holds(decimals));
            let above = format!("{decimals}{digit}");
            prop_assert!(!below.holds(&above));
        }
    }
}
