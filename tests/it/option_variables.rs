//! The variables of the environment that set options, and what is said of a bad one.

use sentry_ssr::{OptionsError, RootSpan, TraceOptions, TransactionName};

fn read(vars: &[(&str, &str)]) -> Result<TraceOptions, OptionsError> {
    TraceOptions::from_vars(|name| {
        let found = vars.iter().find(|(var, _)| *var == name);
        Ok(found.map(|(_, value)| (*value).to_owned()))
    })
}

fn sentence(name: &str, value: &str) -> String {
    read(&[(name, value)]).unwrap_err().to_string()
}

#[test]
fn every_variable_is_read() {
    let options = read(&[
        ("SENTRY_DSN", " https://key@localhost/1\n"),
        ("SENTRY_RELEASE", "shop@1"),
        ("SENTRY_ENVIRONMENT", "test"),
        ("SENTRY_TRACES_SAMPLE_RATE", " 1 "),
        ("SENTRY_ORG_ID", "7"),
        ("SENTRY_STRICT_TRACE_CONTINUATION", "TRUE"),
    ]);
    let options = options.unwrap();
    let span = RootSpan::start(&options, None, &TransactionName::route("GET", "/"));
    let context = span.dynamic_sampling_context();
    for (key, value) in [
        ("public_key", "key"),
        ("release", "shop@1"),
        ("environment", "test"),
        ("org_id", "7"),
        ("sample_rate", "1"),
    ] {
        assert_eq!(context.get(key).as_deref(), Some(value), "{key}");
    }
    assert!(format!("{options:?}").contains("strict_trace_continuation: true"));
}

#[test]
fn none_is_needed_and_an_empty_one_counts_as_none() {
    let options = read(&[("SENTRY_DSN", ""), ("SENTRY_TRACES_SAMPLE_RATE", " ")]).unwrap();
    assert_eq!(format!("{options:?}"), format!("{:?}", TraceOptions::new()));
}

#[test]
fn a_bad_value_is_told_with_the_variable_the_value_and_what_is_allowed() {
    for (name, value, allowed) in [
        ("SENTRY_TRACES_SAMPLE_RATE", "2", "a number from 0 to 1"),
        ("SENTRY_TRACES_SAMPLE_RATE", "1e3", "a number from 0 to 1"),
        ("SENTRY_TRACES_SAMPLE_RATE", "half", "a number from 0 to 1"),
        ("SENTRY_TRACES_SAMPLE_RATE", "NaN", "a number from 0 to 1"),
        ("SENTRY_ORG_ID", "o7", "a whole number such as 1234567"),
        (
            "SENTRY_STRICT_TRACE_CONTINUATION",
            "maybe",
            "one of true, 1, yes, on, false, 0, no, off",
        ),
        (
            "SENTRY_DSN",
            "https://localhost/1",
            "an address of the form https://public_key@host/project_id",
        ),
    ] {
        assert_eq!(
            sentence(name, value),
            format!("{name} is `{value}`, but must be {allowed}")
        );
    }
}
