//! What a sampler of the user's own sees and decides.

use sentry_ssr::{SampleRate, TraceOptions};

use super::{Scenario, assert_invariant, options};
use crate::support::ids::TRACE_ID;

#[test]
fn head_asks_the_sampler_with_the_name() {
    let options = options().traces_sampler(|context| {
        assert!(!context.is_continued());
        if context.name().to_string() == "GET /users/{id}" {
            1.0
        } else {
            0.0
        }
    });
    let span = Scenario::head(options).span();
    assert_eq!(span.sampled(), Some(true));
    assert_invariant(&span);
}

#[test]
fn an_answer_of_the_sampler_that_is_no_rate_is_a_decision_against() {
    for answer in [2.0, -1.0, f64::NAN, f64::INFINITY] {
        let span = Scenario::head(options().traces_sampler(move |_| answer)).span();
        assert_eq!(span.sampled(), Some(false), "{answer}");
        assert_invariant(&span);
    }
}

fn sampler(rate: f64) -> TraceOptions {
    options().traces_sampler(move |_| rate)
}

#[test]
fn sampler_outranks_the_decision_of_the_caller() {
    let came = "sentry-sample_rand=0.5,sentry-sample_rate=0.6,sentry-sampled=true";
    Scenario::called("-1", came)
        .with(sampler(0.5))
        .continues_with(
            "-0",
            "sentry-sample_rand=0.5,sentry-sample_rate=0.5,sentry-sampled=false",
        );
    let came = "sentry-sample_rand=0.5,sentry-sample_rate=0.25,sentry-sampled=false";
    Scenario::called("-0", came)
        .with(sampler(0.75))
        .continues_with(
            "-1",
            "sentry-sample_rand=0.5,sentry-sample_rate=0.75,sentry-sampled=true",
        );
    Scenario::called("-0", came)
        .with(sampler(7.0))
        .continues_with(
            "-0",
            "sentry-sample_rand=0.5,sentry-sample_rate=0,sentry-sampled=false",
        );
}

#[test]
fn sampler_that_returns_the_rate_of_the_caller_keeps_its_decision() {
    for (flag, came) in [
        (
            "-1",
            "sentry-sample_rand=0.1,sentry-sample_rate=0.25,sentry-sampled=true",
        ),
        (
            "-0",
            "sentry-sample_rand=0.3,sentry-sample_rate=0.25,sentry-sampled=false",
        ),
        // Whatever the number says.
        (
            "-1",
            "sentry-sample_rand=0.9,sentry-sample_rate=0.25,sentry-sampled=true",
        ),
    ] {
        Scenario::called(flag, came)
            .with(sampler(0.25))
            .continues_with(flag, came);
        let inherits = options().traces_sampler(|context| context.inherit_or_sample_with(0.5));
        Scenario::called(flag, came)
            .with(inherits)
            .continues_with(flag, came);
    }
}

#[test]
fn sampler_that_inherits_without_a_rate_of_the_caller_keeps_its_decision() {
    let inherits = || options().traces_sampler(|context| context.inherit_or_sample_with(0.5));
    let came = "sentry-sample_rand=0.7";
    Scenario::called("-1", came)
        .with(inherits())
        .continues_with(
            "-1",
            "sentry-sample_rand=0.7,sentry-sample_rate=1,sentry-sampled=true",
        );
    Scenario::called("-0", came)
        .with(inherits())
        .continues_with(
            "-0",
            "sentry-sample_rand=0.7,sentry-sample_rate=0,sentry-sampled=false",
        );
    Scenario::called("", came).with(inherits()).continues_with(
        "-0",
        "sentry-sample_rand=0.7,sentry-sample_rate=0.5,sentry-sampled=false",
    );
}

#[test]
fn sampler_overrules_a_caller_without_a_context_and_the_context_stays_empty() {
    Scenario::called("-1", "")
        .with(sampler(0.0))
        .continues_with("-0", "");
    Scenario::called("-0", "")
        .with(sampler(1.0))
        .continues_with("-1", "");
}

#[test]
fn sampler_sees_the_decision_and_the_rate_of_the_caller() {
    for (flag, baggage, sampled, rate) in [
        ("-1", "sentry-sample_rate=0.25", Some(true), Some(0.25)),
        ("-0", "sentry-sample_rate=2", Some(false), None),
        ("", "sentry-release=1", None, None),
    ] {
        let options = options().traces_sampler(move |context| {
            assert_eq!(context.parent_sampled(), sampled);
            assert_eq!(context.parent_sample_rate().map(SampleRate::get), rate);
            assert_eq!(context.op(), "http.server");
            assert!(context.is_continued());
            0.0
        });
        let span = Scenario::called(flag, baggage).with(options).span();
        assert_eq!(span.trace_id().to_string(), TRACE_ID);
    }
}

#[test]
fn deferred_sampler_knows_that_there_is_a_caller() {
    let options = options().traces_sampler(|context| f64::from(u8::from(context.is_continued())));
    assert_eq!(
        Scenario::called("", "sentry-a=1")
            .with(options)
            .span()
            .sampled(),
        Some(true)
    );
}
