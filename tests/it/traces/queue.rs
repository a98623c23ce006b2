//! Rule: a trace goes through a queue as the metadata of a message, and a new one can be started anywhere.

use std::collections::{BTreeMap, VecDeque};

use sentry::{ClientOptions, Hub, Level};
use sentry_ssr::{
    IncomingTrace, OutgoingTrace, RootSpan, SentryTrace, TraceOptions, TransactionName, instrument,
};

use crate::support::ids::SENTRY_TRACE;
use crate::support::sdk::Sdk;

/// A message as brokers have it: a body, and headers of bytes.
#[derive(Default)]
struct Message {
    headers: BTreeMap<String, Vec<u8>>,
    body: &'static str,
}

impl Message {
    fn set(&mut self, trace: &OutgoingTrace) {
        let metadata = trace.metadata_over(&self.headers);
        let headers = metadata
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.into_bytes()));
        self.headers.extend(headers);
    }

    fn trace(&self) -> Option<IncomingTrace> {
        IncomingTrace::from_metadata(&self.headers)
    }

    fn baggage(&self) -> &str {
        str::from_utf8(&self.headers["baggage"]).unwrap()
    }
}

fn outgoing(baggage: &str) -> OutgoingTrace {
    let incoming = IncomingTrace::parse([SENTRY_TRACE], [baggage]);
    RootSpan::start(
        &TraceOptions::new(),
        incoming,
        &TransactionName::route("POST", "/orders"),
    )
    .outgoing()
}

#[test]
fn a_consumer_continues_the_trace_of_the_producer() {
    let sdk = Sdk::start(instrument(ClientOptions::new().traces_sample_rate(1.0)));
    let mut queue = VecDeque::new();
    sdk.run(|| {
        let options = TraceOptions::of_client();
        let producer = RootSpan::start(&options, None, &TransactionName::route("POST", "/orders"));
        let publish = producer
            .sdk_span()
            .unwrap()
            .start_child("queue.publish", "orders");
        let child: SentryTrace = publish.iter_headers().next().unwrap().1.parse().unwrap();
        let mut message = Message {
            body: "an order",
            ..Message::default()
        };
        message.set(&producer.outgoing().from_child(child));
        publish.finish();
        queue.push_back(message);
    });
    sdk.run(|| {
        let message = queue.pop_front().unwrap();
        let name = TransactionName::custom("orders").with_op("queue.process");
        let consumer = RootSpan::start(&TraceOptions::of_client(), message.trace(), &name);
        consumer.in_scope(|| sentry::capture_message(message.body, Level::Error));
    });

    let [producer, consumer] = sdk.transactions().try_into().unwrap();
    let trace = |item: &serde_json::Value| item["contexts"]["trace"].clone();
    assert_eq!(trace(&consumer)["trace_id"], trace(&producer)["trace_id"]);
    assert_eq!(
        trace(&consumer)["parent_span_id"],
        producer["spans"][0]["span_id"]
    );
    assert_eq!(consumer["transaction"], "orders");
    assert_eq!(trace(&consumer)["op"], "queue.process");
    assert_eq!(trace(&sdk.event())["span_id"], trace(&consumer)["span_id"]);
    let envelopes = sdk.sent();
    let contexts: Vec<_> = envelopes
        .iter()
        .map(|envelope| &envelope.header["trace"])
        .collect();
    assert!(
        contexts.iter().all(|context| *context == contexts[0]),
        "{contexts:?}"
    );
    assert_eq!(contexts[0]["transaction"], "POST /orders");
}

#[test]
fn names_are_read_in_any_case_and_other_metadata_is_ignored() {
    let message = [
        ("Content-Type", "text/plain"),
        ("SENTRY-TRACE", SENTRY_TRACE),
        ("Baggage", "sentry-release=1,vendor=2"),
        ("baggage", "sentry-environment=test"),
        ("sentry-trace-2", "nonsense"),
    ];
    let incoming = IncomingTrace::from_metadata(message).unwrap();
    assert_eq!(incoming.sentry_trace().to_string(), SENTRY_TRACE);
    assert_eq!(
        incoming.baggage().as_str(),
        "sentry-release=1,sentry-environment=test"
    );
    assert!(IncomingTrace::from_metadata([("baggage", "sentry-release=1")]).is_none());
    assert!(IncomingTrace::from_metadata([("sentry-trace", [0xff_u8])]).is_none());
    assert!(IncomingTrace::from_metadata::<&str, &str>([]).is_none());
}

#[test]
fn a_trace_without_a_context_leaves_without_a_baggage() {
    let names = |trace: &OutgoingTrace| {
        trace
            .metadata()
            .iter()
            .map(|(name, _)| *name)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&outgoing("vendor=1")), ["sentry-trace"]);
    assert_eq!(
        names(&outgoing("sentry-release=1")),
        ["sentry-trace", "baggage"]
    );
    let options = TraceOptions::new().propagate_traceparent(true);
    let span = RootSpan::start(&options, None, &TransactionName::custom("orders"));
    assert_eq!(
        names(&span.outgoing()),
        ["sentry-trace", "traceparent", "baggage"]
    );
}

#[test]
fn metadata_is_merged_as_headers_are() {
    for (existing, ours, merged) in [
        (
            "vendor=1;p=2, other=3",
            "sentry-release=2",
            "vendor=1;p=2, other=3,sentry-release=2",
        ),
        (
            "sentry-release=1,vendor=1,sentry-x=y",
            "sentry-release=2",
            "vendor=1,sentry-release=2",
        ),
        ("sentry-release=1", "", ""),
        ("vendor=1,sentry-release=1", "", "vendor=1"),
    ] {
        let mut message = Message::default();
        message
            .headers
            .insert("sentry-trace".into(), b"an older trace".into());
        message.headers.insert("baggage".into(), existing.into());
        let ours = if ours.is_empty() {
            ours.to_owned()
        } else {
            format!("{ours},sentry-sample_rand=0.5")
        };
        let merged = if merged.contains("release=2") {
            format!("{merged},sentry-sample_rand=0.5")
        } else {
            merged.to_owned()
        };
        let trace = outgoing(&ours);
        message.set(&trace);
        assert_eq!(message.baggage(), merged, "{existing}");
        assert_eq!(
            message.headers["sentry-trace"],
            trace.sentry_trace().to_string().into_bytes()
        );
    }
}

#[test]
fn metadata_that_is_no_header_does_not_get_in_the_way() {
    let existing = [
        ("baggage", &b"bad\x00\n"[..]),
        ("BAGGAGE", b"vendor=\xff"),
        ("x", b"\xff"),
    ];
    let metadata = outgoing("sentry-sample_rand=0.5").metadata_over(existing);
    let (_, baggage) = metadata.last().unwrap();
    assert_eq!(baggage, "vendor=\u{fffd},sentry-sample_rand=0.5");
}

#[test]
fn a_new_trace_starts_although_a_span_is_active() {
    let sdk = Sdk::start(instrument(ClientOptions::new().traces_sample_rate(1.0)));
    sdk.run(|| {
        let options = TraceOptions::of_client();
        let outer = RootSpan::start(&options, None, &TransactionName::route("GET", "/socket"));
        outer.in_scope(|| {
            let hub = Hub::current();
            let name = TransactionName::custom("a message");
            let adopted = RootSpan::start(&options, None, &name);
            assert_eq!(
                adopted.span_id(),
                outer.span_id(),
                "an active span is adopted otherwise"
            );
            let first = RootSpan::start_new_trace(&options, &name);
            let second = RootSpan::start_new_trace(&options, &name);
            assert_ne!(first.trace_id(), outer.trace_id());
            assert_ne!(first.trace_id(), second.trace_id());
            assert_eq!(first.parent_span_id(), None);
            first.in_scope(|| sentry::capture_message("in the new trace", Level::Error));
            sentry::capture_message("in the old trace", Level::Error);
            assert_eq!(RootSpan::current().unwrap().span_id(), outer.span_id());
            assert!(std::sync::Arc::ptr_eq(&hub, &Hub::current()));
            let events = sdk.events();
            for (event, span) in events.iter().zip([&first, &outer]) {
                let trace = &event["contexts"]["trace"];
                assert_eq!(trace["trace_id"], span.trace_id().to_string());
            }
        });
    });
    assert_eq!(sdk.transactions().len(), 3);
    for envelope in sdk.sent() {
        let trace = &envelope.items[0].payload["contexts"]["trace"];
        assert_eq!(envelope.header["trace"]["trace_id"], trace["trace_id"]);
    }
}

#[test]
fn a_new_trace_starts_without_a_client_too() {
    let span = RootSpan::start_new_trace(&TraceOptions::new(), &TransactionName::custom("a job"));
    assert_eq!(span.parent_span_id(), None);
    assert!(span.baggage().get("sample_rand").is_some());
}
