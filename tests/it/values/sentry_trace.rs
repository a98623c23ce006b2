//! `sentry-trace`, and `traceparent`.

use sentry_ssr::{IncomingTrace, ParseErrorKind, SentryTrace, Traceparent};

use super::kind;
use crate::support::ids::{SENTRY_TRACE, SPAN_ID, TRACE_ID, sentry_trace};

#[test]
fn sentry_trace_round_trips() {
    for (flag, sampled) in [("", None), ("-1", Some(true)), ("-0", Some(false))] {
        let text = sentry_trace(flag);
        let trace: SentryTrace = text.parse().unwrap();
        assert_eq!(trace.sampled(), sampled);
        assert_eq!(trace.trace_id().to_string(), TRACE_ID);
        assert_eq!(trace.span_id().to_string(), SPAN_ID);
        assert_eq!(trace.to_string(), text);
        assert_eq!(serde_json::to_value(trace).unwrap(), text);
    }
}

#[test]
fn sentry_trace_may_have_space_and_tab_around_it() {
    assert!(
        format!(" \t{TRACE_ID}-{SPAN_ID}-1\t ")
            .parse::<SentryTrace>()
            .is_ok()
    );
}

#[test]
fn sentry_traces_that_are_refused() {
    use ParseErrorKind as Kind;
    let zero = "0".repeat(32);
    for (text, expected) in [
        (String::new(), Kind::SentryTrace),
        (TRACE_ID.to_owned(), Kind::SentryTrace),
        (format!("{TRACE_ID}-{SPAN_ID}-2"), Kind::SentryTrace),
        (format!("{TRACE_ID}-{SPAN_ID}-"), Kind::SentryTrace),
        (format!("{TRACE_ID}-{SPAN_ID}-1-1"), Kind::SentryTrace),
        (format!("{TRACE_ID}-{SPAN_ID}-1\n"), Kind::SentryTrace),
        (format!("{TRACE_ID}{SPAN_ID}"), Kind::SentryTrace),
        (
            format!("{}-{SPAN_ID}-1", TRACE_ID.to_uppercase()),
            Kind::TraceId,
        ),
        (format!("{zero}-{SPAN_ID}-1"), Kind::TraceId),
        (format!("{TRACE_ID}-0000000000000000-1"), Kind::SpanId),
        (format!("{TRACE_ID}-{SPAN_ID}0-1"), Kind::SpanId),
        (format!("00-{TRACE_ID}-{SPAN_ID}-01"), Kind::SentryTrace),
    ] {
        assert_eq!(kind::<SentryTrace>(&text), Some(expected), "{text:?}");
    }
}

#[test]
fn traceparent_knows_no_deferred_decision() {
    for (flag, flags) in [("", "00"), ("-0", "00"), ("-1", "01")] {
        let trace: SentryTrace = sentry_trace(flag).parse().unwrap();
        assert_eq!(
            Traceparent::from(trace).to_string(),
            format!("00-{TRACE_ID}-{SPAN_ID}-{flags}")
        );
    }
}

#[test]
fn the_first_sentry_trace_that_is_not_empty_counts() {
    let good = SENTRY_TRACE.to_owned();
    let other = "0123456789abcdef0123456789abcdef-0123456789abcdef-0";
    let id = |headers: &[String]| {
        IncomingTrace::parse(headers, [""]).map(|trace| trace.sentry_trace().to_string())
    };
    assert_eq!(
        id(&[String::new(), good.clone(), other.into()]),
        Some(good.clone())
    );
    assert_eq!(id(&[format!(" ,{good},{other}")]), Some(good.clone()));
    assert_eq!(id(&["nonsense".into(), good.clone()]), None);
    assert_eq!(id(&[format!("nonsense,{good}")]), None);
    assert_eq!(id(&[]), None);
    assert!(IncomingTrace::parse([&b"\xff\xfe"[..]], [""]).is_none());
}
