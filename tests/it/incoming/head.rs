//! A trace that starts here.

use sentry_ssr::{RootSpan, SampleRand, TransactionName};

use super::{Scenario, assert_invariant, entries, options, rate};
use crate::support::ids::{SPAN_ID, TRACE_ID};

#[test]
fn head_without_sentry_trace() {
    Scenario::head(options()).starts_a_new_trace();
    Scenario {
        baggage: "sentry-release=theirs",
        ..Scenario::default()
    }
    .starts_a_new_trace();
}

#[test]
fn head_where_sentry_trace_does_not_parse() {
    for sentry_trace in [
        "nonsense".to_owned(),
        format!("{}-{SPAN_ID}-1", "0".repeat(32)),
        format!("{TRACE_ID}-{}-1", "0".repeat(16)),
        format!("{TRACE_ID}-{SPAN_ID}-7"),
    ] {
        let baggage = "sentry-release=theirs";
        Scenario {
            sentry_trace,
            baggage,
            ..Scenario::default()
        }
        .starts_a_new_trace();
    }
}

#[test]
fn head_sends_all_it_knows() {
    let options = rate(1.0)
        .dsn("https://key@o7.ingest.de.sentry.io/42")
        .unwrap()
        .release("shop@1.0 é")
        .environment("production");
    let span = Scenario::head(options).span();
    let trace_id = span.trace_id().to_string();
    let rand = SampleRand::of(span.trace_id()).to_string();
    let expected = [
        ("trace_id", trace_id.as_str()),
        ("public_key", "key"),
        ("release", "shop@1.0 é"),
        ("environment", "production"),
        ("org_id", "7"),
        ("sample_rand", &rand),
        ("sample_rate", "1"),
        ("sampled", "true"),
        ("transaction", "GET /users/{id}"),
    ];
    assert_eq!(
        entries(&span),
        expected.map(|(key, value)| (key.to_owned(), value.to_owned()))
    );
}

#[test]
fn head_without_a_rate_defers() {
    let span = Scenario::head(options().release("shop@1")).span();
    assert_eq!(span.sampled(), None);
    assert_eq!(
        span.sentry_trace().to_string(),
        format!("{}-{}", span.trace_id(), span.span_id())
    );
    let keys: Vec<_> = entries(&span).into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["trace_id", "release", "sample_rand"]);
}

#[test]
fn head_at_rate_zero_decides_against() {
    let span = Scenario::head(rate(0.0)).span();
    assert_eq!(span.sampled(), Some(false));
    let context = span.dynamic_sampling_context();
    assert_eq!(context.get("sample_rate").as_deref(), Some("0"));
    assert_eq!(context.get("sampled").as_deref(), Some("false"));
}

#[test]
fn head_decides_exactly_by_rand_and_rate() {
    for number in [0.0, 1e-6, 0.1, 0.25, 0.5, 0.9, 1.0] {
        for _ in 0..500 {
            let span = Scenario::head(rate(number)).span();
            assert_invariant(&span);
        }
    }
}

#[test]
fn head_keeps_the_name_of_a_url_to_itself() {
    let name = TransactionName::url("GET", "/users/ada");
    let span = RootSpan::start(&rate(1.0), None, &name);
    assert_eq!(span.dynamic_sampling_context().get("transaction"), None);
}
