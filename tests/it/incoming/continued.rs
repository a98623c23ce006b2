//! A trace that came in: what is kept, and who decides.

use super::{Scenario, options, rate};
use crate::support::ids::SPAN_ID;

#[test]
fn continued_without_sentry_entries_stays_empty() {
    Scenario::called("-1", "")
        .with(rate(1.0))
        .continues_with("-1", "");
    Scenario::called("-1", "vendor=1")
        .with(rate(1.0))
        .continues_with("-1", "");
    Scenario::called("", "vendor=1")
        .with(options().release("ours"))
        .continues_with("", "");
}

#[test]
fn continued_and_deferred_without_sentry_entries_is_decided_here_and_stays_empty() {
    Scenario::called("", "")
        .with(rate(1.0))
        .continues_with("-1", "");
    Scenario::called("", "")
        .with(rate(0.0))
        .continues_with("-0", "");
}

#[test]
fn continued_entries_are_frozen_as_they_came() {
    let came =
        "sentry-release=theirs,sentry-new_key=%C3%A9,sentry-sample_rand=0.5,sentry-environment=x";
    let ours = rate(1.0)
        .release("ours")
        .environment("ours")
        .dsn("https://key@localhost/1")
        .unwrap();
    Scenario::called("-0", came)
        .with(ours)
        .continues_with("-0", came);
}

#[test]
fn continued_entries_of_others_are_not_copied() {
    Scenario::called("-1", "vendor=1,sentry-sample_rand=0.5,other=2;sentry-x=1")
        .continues_with("-1", "sentry-sample_rand=0.5");
}

#[test]
fn inherited_decision_wins_over_a_rate() {
    let came = "sentry-sample_rand=0.5";
    Scenario::called("-1", came)
        .with(rate(0.0))
        .continues_with("-1", came);
    Scenario::called("-0", came)
        .with(rate(1.0))
        .continues_with("-0", came);
}

#[test]
fn deferred_decision_is_made_here_with_the_number_that_came() {
    let came = "sentry-trace_id=x,sentry-sample_rand=0.25";
    Scenario::called("", came).with(rate(0.25)).continues_with(
        "-0",
        "sentry-trace_id=x,sentry-sample_rand=0.25,sentry-sample_rate=0.25,sentry-sampled=false",
    );
    Scenario::called("", came).with(rate(0.250_001)).continues_with(
        "-1",
        "sentry-trace_id=x,sentry-sample_rand=0.25,sentry-sample_rate=0.250001,sentry-sampled=true",
    );
}

#[test]
fn deferred_decision_made_here_replaces_the_rate_that_came() {
    let came = "sentry-sample_rate=0.9,sentry-sampled=true,sentry-sample_rand=0.5";
    Scenario::called("", came).with(rate(0.1)).continues_with(
        "-0",
        "sentry-sample_rand=0.5,sentry-sample_rate=0.1,sentry-sampled=false",
    );
}

#[test]
fn deferred_decision_stays_deferred_without_a_rate() {
    let came = "sentry-sample_rand=0.5,sentry-release=theirs";
    Scenario::called("", came).continues_with("", came);
}

#[test]
fn every_span_has_a_new_id_and_knows_its_parent() {
    let scenario = Scenario::called("-1", "");
    let (one, other) = (scenario.span(), scenario.span());
    assert_ne!(one.span_id(), other.span_id());
    assert_ne!(one.span_id().to_string(), SPAN_ID);
    assert_eq!(one.parent_span_id().unwrap().to_string(), SPAN_ID);
}
