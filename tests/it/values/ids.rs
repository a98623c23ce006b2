//! The ids of traces and spans.

use sentry_ssr::{ParseErrorKind, SpanId, TraceId};

use super::kind;
use crate::support::ids::{SPAN_ID, TRACE_ID};

#[test]
fn ids_round_trip() {
    assert_eq!(TRACE_ID.parse::<TraceId>().unwrap().to_string(), TRACE_ID);
    assert_eq!(SPAN_ID.parse::<SpanId>().unwrap().to_string(), SPAN_ID);
    let json = serde_json::to_string(&TRACE_ID.parse::<TraceId>().unwrap()).unwrap();
    assert_eq!(json, format!("\"{TRACE_ID}\""));
    assert_eq!(
        serde_json::from_str::<TraceId>(&json).unwrap().to_string(),
        TRACE_ID
    );
    assert!(serde_json::from_str::<SpanId>("\"7\"").is_err());
}

#[test]
fn ids_that_are_refused() {
    let dashed = "771a43a4-1926-42f0-b136-d5159a501700";
    for text in [
        "",
        "0",
        dashed,
        &TRACE_ID.to_uppercase(),
        &TRACE_ID[1..],
        &format!("{TRACE_ID}0"),
        &"0".repeat(32),
    ] {
        assert_eq!(
            kind::<TraceId>(text),
            Some(ParseErrorKind::TraceId),
            "{text}"
        );
    }
    for text in [
        "",
        &SPAN_ID.to_uppercase(),
        "b7ad6b716920333g",
        " b7ad6b7169203331",
        &"0".repeat(16),
    ] {
        assert_eq!(kind::<SpanId>(text), Some(ParseErrorKind::SpanId), "{text}");
    }
}

#[test]
fn random_ids_differ_and_are_version_4() {
    let (one, other) = (TraceId::random(), TraceId::random());
    assert_ne!(one, other);
    assert_eq!(one.to_string().as_bytes()[12], b'4');
    assert_ne!(SpanId::random(), SpanId::random());
}
