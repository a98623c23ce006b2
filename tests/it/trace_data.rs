//! The values as data, in the names that loaders and head managers use.

use sentry_ssr::{IncomingTrace, RootSpan, TraceData, TraceOptions, TransactionName};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, to_value};

use crate::support::ids::SENTRY_TRACE;

fn span(baggage: &str) -> RootSpan {
    let incoming = IncomingTrace::parse([SENTRY_TRACE], [baggage]);
    RootSpan::start(
        &TraceOptions::new(),
        incoming,
        &TransactionName::route("GET", "/"),
    )
}

fn json_of(value: impl Serialize) -> Value {
    to_value(value).unwrap()
}

#[test]
fn named_for_a_loader_for_remix_and_for_a_head_manager() {
    let span = span("sentry-sample_rand=0.5");
    let trace = span.sentry_trace().to_string();
    let baggage = "sentry-sample_rand=0.5";
    let data = span.trace_data();
    assert_eq!(
        json_of(data.clone()),
        json!({"sentryTrace": trace, "baggage": baggage})
    );
    assert_eq!(
        json_of(data.clone().into_remix()),
        json!({"sentryTrace": trace, "sentryBaggage": baggage})
    );
    assert_eq!(
        json_of(data.into_head()),
        json!({"sentry-trace": trace, "baggage": baggage})
    );
}

#[test]
fn an_empty_baggage_is_left_out() {
    let span = span("");
    let trace = span.sentry_trace().to_string();
    let data = span.trace_data();
    assert_eq!(json_of(data.clone()), json!({"sentryTrace": trace}));
    assert_eq!(
        json_of(data.clone().into_remix()),
        json!({"sentryTrace": trace})
    );
    assert_eq!(json_of(data.into_head()), json!({"sentry-trace": trace}));
}

#[test]
fn flattened_into_a_struct_of_the_users() {
    #[derive(Serialize, Deserialize)]
    struct Root {
        user: String,
        #[serde(flatten)]
        trace: TraceData,
    }
    let span = span("sentry-sample_rand=0.5");
    let json = json_of(Root {
        user: "ada".into(),
        trace: span.trace_data(),
    });
    assert_eq!(json["user"], "ada");
    assert_eq!(json["sentryTrace"], span.sentry_trace().to_string());
    assert_eq!(json["baggage"], "sentry-sample_rand=0.5");
    let read: Root = serde_json::from_value(json).unwrap();
    assert_eq!(read.trace, span.trace_data());
}

#[test]
fn context_serializes_as_the_header_of_an_envelope() {
    let span = span("sentry-release=a%40b,sentry-sample_rand=0.5");
    assert_eq!(
        json_of(span.dynamic_sampling_context()),
        json!({"release": "a@b", "sample_rand": "0.5"})
    );
}
