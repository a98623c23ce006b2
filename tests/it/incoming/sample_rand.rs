//! The random number of a trace that came without one.

use sentry_ssr::SampleRand;

use super::Scenario;
use crate::support::ids::TRACE_ID;

#[test]
fn missing_sample_rand_is_added_within_the_range_that_explains_the_decision() {
    for (flag, sampled) in [("-1", true), ("-0", false)] {
        for came in [
            "sentry-sample_rate=0.25",
            "sentry-sample_rate=0.25,sentry-sample_rand=1",
            "sentry-sample_rate=0.25,sentry-sample_rand=",
            "sentry-sample_rate=0.25,sentry-sample_rand=NaN",
            "sentry-sample_rate=0.25,sentry-sample_rand=-0.5",
        ] {
            let span = Scenario::called(flag, came).span();
            let context = span.dynamic_sampling_context();
            let rand: SampleRand = context.get("sample_rand").unwrap().parse().unwrap();
            assert_eq!(
                rand.is_below("0.25".parse().unwrap()),
                sampled,
                "{came} {flag}: {context}"
            );
            assert_eq!(context.as_baggage().iter().count(), 2, "{context}");
        }
    }
}

#[test]
fn missing_sample_rand_is_not_added_where_decision_and_rate_contradict_each_other() {
    Scenario::called("-1", "sentry-sample_rate=0").continues_with("-1", "sentry-sample_rate=0");
    Scenario::called("-0", "sentry-sample_rate=1.0").continues_with("-0", "sentry-sample_rate=1.0");
}

#[test]
fn missing_sample_rand_without_a_decision_or_a_rate_is_that_of_the_trace() {
    let rand = SampleRand::of(TRACE_ID.parse().unwrap());
    for (flag, came) in [
        ("", "sentry-a=1"),
        ("-1", "sentry-a=1"),
        ("-0", "sentry-a=1,sentry-sample_rate=7"),
    ] {
        Scenario::called(flag, came)
            .continues_with(flag, &format!("{came},sentry-sample_rand={rand}"));
    }
}

#[test]
fn one_trace_always_gets_the_same_sample_rand() {
    let rand = || {
        Scenario::called("", "sentry-a=1")
            .span()
            .baggage()
            .get("sample_rand")
            .unwrap()
            .into_owned()
    };
    assert_eq!(rand(), rand());
}
