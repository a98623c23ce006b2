//! Values that are too long.

use super::{Scenario, assert_invariant, entries, rate};

#[test]
fn a_huge_option_is_left_out_and_the_trace_stays() {
    let options = rate(1.0)
        .dsn("https://key@localhost/1")
        .unwrap()
        .release("x".repeat(9_000))
        .environment("e");
    let span = Scenario::head(options).span();
    let keys: Vec<_> = entries(&span).into_iter().map(|(key, _)| key).collect();
    assert_eq!(
        keys,
        [
            "trace_id",
            "public_key",
            "environment",
            "sample_rand",
            "sample_rate",
            "sampled",
            "transaction"
        ]
    );
}

#[test]
fn options_that_nearly_fill_the_baggage_leave_room_for_the_trace() {
    let options = rate(0.123_456_789)
        .release("r".repeat(7_900))
        .environment("e".repeat(200));
    let span = Scenario::head(options).span();
    assert!(span.baggage().as_str().len() <= sentry_ssr::Baggage::MAX_LEN);
    assert_invariant(&span);
}

#[test]
fn a_huge_name_is_left_out() {
    let span = Scenario::head(rate(1.0)).span();
    span.set_name(&"n".repeat(9_000));
    assert_eq!(span.baggage().get("transaction"), None);
    assert_invariant(&span);
}
