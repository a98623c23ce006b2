//! `sample_rate` and `sample_rand`.

use sentry_ssr::{ParseErrorKind, SampleRand, SampleRate, TraceId};

use super::kind;
use crate::support::ids::TRACE_ID;

#[test]
fn sample_rates_print_as_the_shortest_decimal() {
    for (text, printed) in [
        ("0.1", "0.1"),
        ("1e-6", "0.000001"),
        ("0", "0"),
        ("1.0", "1"),
        ("-0", "0"),
        ("0.250", "0.25"),
    ] {
        assert_eq!(text.parse::<SampleRate>().unwrap().to_string(), printed);
    }
    for text in ["2", "-0.1", "NaN", "inf", "", "half", "1.0000001"] {
        assert_eq!(
            kind::<SampleRate>(text),
            Some(ParseErrorKind::SampleRate),
            "{text}"
        );
    }
}

#[test]
fn sample_rands_print_with_six_decimals_or_all_they_have() {
    for (text, printed) in [
        ("0", "0.000000"),
        ("0.3322", "0.332200"),
        ("0.999999", "0.999999"),
        ("0.9999999", "0.9999999"),
        ("0.1234567890123", "0.1234567890123"),
    ] {
        assert_eq!(text.parse::<SampleRand>().unwrap().to_string(), printed);
    }
    for text in ["1", "-0.1", "NaN", "", "1.5"] {
        assert_eq!(
            kind::<SampleRand>(text),
            Some(ParseErrorKind::SampleRand),
            "{text}"
        );
    }
}

#[test]
fn sample_rand_is_derived_from_the_trace_id() {
    let id: TraceId = TRACE_ID.parse().unwrap();
    assert_eq!(SampleRand::of(id), SampleRand::of(id));
    assert_ne!(SampleRand::of(id), SampleRand::of(TraceId::random()));
}

#[test]
fn sample_rand_is_spread_evenly() {
    let half = "0.5".parse().unwrap();
    let below = (0..10_000)
        .filter(|_| SampleRand::of(TraceId::random()).is_below(half))
        .count();
    assert!(
        (4_700..5_300).contains(&below),
        "{below} of 10000 below a half"
    );
}

#[test]
fn below_is_exact_in_decimal() {
    for (rand, rate, below) in [
        ("0.099999", "0.1", true),
        ("0.1", "0.1", false),
        ("0.249999", "0.25", true),
        ("0.25", "0.25", false),
        ("0.000000", "0.000001", true),
        ("0.000001", "0.000001", false),
        ("0.999999", "1", true),
        ("0.000000", "0", false),
        ("0.7", "0.7", false),
        ("0.699999", "0.7", true),
    ] {
        let rand: SampleRand = rand.parse().unwrap();
        assert_eq!(
            rand.is_below(rate.parse().unwrap()),
            below,
            "{rand} < {rate}"
        );
    }
}

#[test]
fn a_rand_explains_every_decision_that_can_be_explained() {
    for rate in [
        "0",
        "0.000001",
        "0.1",
        "0.25",
        "1e-7",
        "0.333333333",
        "0.7",
        "0.999999",
        "1",
    ] {
        let rate: SampleRate = rate.parse().unwrap();
        for sampled in [true, false] {
            for _ in 0..200 {
                let rand = SampleRand::explaining(sampled, rate, TraceId::random());
                if let Some(rand) = rand {
                    assert_eq!(
                        rand.is_below(rate),
                        sampled,
                        "{rand} explains {sampled} at {rate}"
                    );
                }
            }
        }
    }
    let some = |sampled, rate: f64| {
        SampleRand::explaining(
            sampled,
            SampleRate::try_from(rate).unwrap(),
            TraceId::random(),
        )
        .is_some()
    };
    assert!(some(true, 1e-7) && some(true, 1.0) && some(false, 0.0) && some(false, 0.999_999));
    assert!(!some(true, 0.0) && !some(false, 1.0));
}
