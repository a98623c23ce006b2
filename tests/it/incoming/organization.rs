//! Traces of other organizations, and traces that are to be ignored.

use super::{Scenario, options, rate};

#[test]
fn org_ids_that_differ_start_a_new_trace() {
    let came = "sentry-org_id=1,sentry-release=theirs";
    Scenario::called("-1", came)
        .with(options().org_id(2))
        .starts_a_new_trace();
    let dsn = options().dsn("https://key@o2.ingest.sentry.io/1").unwrap();
    Scenario::called("-1", came).with(dsn).starts_a_new_trace();
    let refused = Scenario::called("-1", came)
        .with(rate(0.0).org_id(2))
        .span();
    assert_eq!(
        refused.sampled(),
        Some(false),
        "their decision is ignored too"
    );
}

#[test]
fn org_ids_that_agree_continue() {
    let came = "sentry-org_id=2,sentry-sample_rand=0.5";
    Scenario::called("-1", came)
        .with(options().org_id(2))
        .continues_with("-1", came);
    let strict = options().org_id(2).strict_trace_continuation(true);
    Scenario::called("-1", came)
        .with(strict)
        .continues_with("-1", came);
}

#[test]
fn org_id_option_wins_over_the_dsn() {
    let came = "sentry-org_id=2,sentry-sample_rand=0.5";
    let options = options()
        .dsn("https://key@o9.ingest.sentry.io/1")
        .unwrap()
        .org_id(2);
    Scenario::called("-1", came)
        .with(options)
        .continues_with("-1", came);
}

#[test]
fn one_org_id_continues_unless_strict() {
    let theirs = "sentry-org_id=1,sentry-sample_rand=0.5";
    let nobodys = "sentry-sample_rand=0.5";
    let empty = "sentry-org_id=,sentry-sample_rand=0.5";
    let strict = || options().strict_trace_continuation(true);
    Scenario::called("-1", theirs).continues_with("-1", theirs);
    Scenario::called("-1", nobodys)
        .with(options().org_id(1))
        .continues_with("-1", nobodys);
    Scenario::called("-1", empty)
        .with(options().org_id(1))
        .continues_with("-1", empty);
    Scenario::called("-1", theirs)
        .with(strict())
        .starts_a_new_trace();
    Scenario::called("-1", nobodys)
        .with(strict().org_id(1))
        .starts_a_new_trace();
    Scenario::called("-1", nobodys)
        .with(strict())
        .continues_with("-1", nobodys);
}

#[test]
fn incoming_traces_can_be_ignored() {
    let options = options().ignore_incoming_traces(true);
    Scenario::called("-1", "sentry-release=theirs")
        .with(options)
        .starts_a_new_trace();
}
