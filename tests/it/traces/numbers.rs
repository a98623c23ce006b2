//! Rule: rates and numbers are decimals of 38 places, whatever form they come in.

use proptest::prelude::*;
use sentry_ssr::{IncomingTrace, RootSpan, SampleRand, SampleRate, TraceOptions, TransactionName};

fn rate(text: &str) -> SampleRate {
    text.parse().unwrap()
}

fn rand(text: &str) -> SampleRand {
    text.parse().unwrap()
}

#[test]
fn digits_are_compared_not_binary_neighbours() {
    for (number, limit, is_below) in [
        ("0.09999999999999999999", "0.1", true),
        ("0.1", "0.1000000000000000000001", true),
        ("0.1000000000000000000001", "0.1", false),
        ("0.24999999999999999999999999999999999999", "0.25", true),
        ("0.99999999999999999999999999", "1", true),
        ("1e-30", "1e-29", true),
        ("1e-29", "1e-30", false),
        ("0", "1e-38", true),
        ("0.7000000000000000000000000000000000001", "0.7", false),
    ] {
        assert_eq!(
            rand(number).is_below(rate(limit)),
            is_below,
            "{number} < {limit}"
        );
    }
}

#[test]
fn decimals_after_the_38th_are_cut_off() {
    let kept = format!("0.{}", "3".repeat(38));
    assert_eq!(rate(&format!("{kept}9")).to_string(), kept);
    assert_eq!(rate(&format!("{kept}9")), rate(&kept));
    assert!(!rand(&kept).is_below(rate(&format!("{kept}9"))));
    assert_eq!(rate("1e-39").to_string(), "0");
    assert_eq!(
        rand(&format!("0.{}", "9".repeat(60))).to_string(),
        format!("0.{}", "9".repeat(38))
    );
}

#[test]
fn every_form_of_a_number_is_read() {
    for (text, printed) in [
        ("+.5", "0.5"),
        ("5e-1", "0.5"),
        ("50E-2", "0.5"),
        ("0.005e+2", "0.5"),
        ("000.50", "0.5"),
        ("1.", "1"),
        ("10e-1", "1"),
        ("0.1e1", "1"),
        ("0e99999999999999999999", "0"),
        ("1e-99999999999999999999", "0"),
        ("-0.000", "0"),
        ("1e-7", "0.0000001"),
        ("0.12345678901234567890", "0.1234567890123456789"),
    ] {
        assert_eq!(rate(text).to_string(), printed, "{text}");
    }
}

#[test]
fn whatever_is_no_number_from_0_to_1_is_none() {
    let just_above = format!("1.{}1", "0".repeat(60));
    let just_below = format!("-0.{}1", "0".repeat(60));
    for text in [
        "",
        ".",
        "+",
        "-",
        "e1",
        "1e",
        "1e+",
        "0.5.5",
        "0x1",
        "1_0",
        " 0.5",
        "0,5",
        "NaN",
        "inf",
        "1e1",
        "11e-1",
        "1e99999999999999999999",
        "-1e-60",
        "٠",
        &just_above,
        &just_below,
    ] {
        assert!(text.parse::<SampleRate>().is_err(), "{text}");
        assert!(text.parse::<SampleRand>().is_err(), "{text}");
    }
}

#[test]
fn a_trace_is_decided_by_all_digits_that_came() {
    for (number, is_sampled) in [
        ("0.09999999999999999999", true),
        ("0.10000000000000000001", false),
    ] {
        let baggage = format!("sentry-sample_rand={number}");
        let incoming = IncomingTrace::parse([crate::support::ids::sentry_trace("")], [&baggage]);
        let options = TraceOptions::new().traces_sample_rate(0.1).unwrap();
        let span = RootSpan::start(&options, incoming, &TransactionName::route("GET", "/"));
        assert_eq!(span.sampled(), Some(is_sampled), "{number}");
        assert_eq!(span.baggage().get("sample_rand").unwrap(), number);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn numbers_are_ordered_as_their_digits(left in "[0-9]{1,38}", right in "[0-9]{1,38}") {
        let padded = |digits: &str| format!("{digits:0<38}");
        let (number, limit) = (rand(&format!("0.{left}")), rate(&format!("0.{right}")));
        prop_assert_eq!(number.is_below(limit), padded(&left) < padded(&right));
        let trimmed = left.trim_end_matches('0');
        prop_assert_eq!(number.to_string(), format!("0.{trimmed:0<6}"));
    }

    #[test]
    fn an_exponent_only_moves_the_point(digits in "[0-9]{1,20}", by in 0..18_usize) {
        let moved = format!("0.{}{digits}", "0".repeat(by));
        prop_assert_eq!(rate(&format!("0.{digits}e-{by}")), rate(&moved));
        prop_assert_eq!(rate(&format!("{digits}e-{}", by + digits.len())), rate(&moved));
    }

    #[test]
    fn a_binary_rate_reads_back(number in prop_oneof![0.0..=1.0_f64, 0.0..=1e-9_f64, Just(0.1), Just(1.0 / 3.0)]) {
        // The shortest form of a smaller number has more than 38 decimals.
        prop_assume!(number == 0.0 || number > 1e-20);
        prop_assert_eq!(SampleRate::try_from(number).unwrap().get().to_bits(), number.to_bits());
    }
}
