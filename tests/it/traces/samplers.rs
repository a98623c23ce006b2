//! Rule: for every sampler and every caller, `sample_rand < sample_rate ⇔ sampled`, in each tag and envelope.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::*;
use sentry::{ClientOptions, Hub, Level, TransactionContext};
use sentry_ssr::{
    IncomingTrace, RootSpan, TraceOptions, TransactionName, inherit_or_sample_with, instrument,
};

use super::callers::{Numbers, Returns, caller, generated, incoming, is_explainable, returns};
use crate::support::ids::{SENTRY_TRACE, sentry_trace};
use crate::support::sdk::Sdk;

const NAME: TransactionName<'_> = TransactionName::route("GET", "/users/{id}");

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn numbers_explain_the_decision_of_any_sampler(caller in caller(), returns in returns()) {
        let options = TraceOptions::new().traces_sampler(move |context| match returns {
            Returns::Rate(rate) => f64::from(rate),
            Returns::Inherits(rate) => context.inherit_or_sample_with(f64::from(rate)),
        });
        let incoming = incoming(&caller);
        let span = RootSpan::start(&options, incoming.clone(), &NAME);
        let is_explainable = incoming.as_ref().is_some_and(is_explainable);
        prop_assert!(span.sampled().is_some(), "a sampler always decides");
        Numbers::of(span.baggage()).assert_explain(span.sampled(), incoming.as_ref());
        match (returns, incoming.and_then(|it| it.sentry_trace().sampled())) {
            (Returns::Inherits(_), Some(sampled)) if is_explainable => {
                prop_assert_eq!(span.sampled(), Some(sampled));
            }
            (Returns::Rate(rate), _) if !(rate > 0.0 && rate <= 1.0) => prop_assert_eq!(span.sampled(), Some(false)),
            (Returns::Rate(1.0), None) => prop_assert_eq!(span.sampled(), Some(true)),
            _ => {}
        }
    }
}

/// A client whose sampler returns what the returned cell says: the bits of a rate, or of one negated to inherit.
fn client(instrumented: bool) -> (Sdk, Arc<[AtomicU32; 2]>) {
    let cell = Arc::new([AtomicU32::new(0), AtomicU32::new(0)]);
    let read = Arc::clone(&cell);
    let options = ClientOptions::new().traces_sampler(move |context| {
        let [rate, inherits] = read.each_ref().map(|it| it.load(Ordering::Relaxed));
        let rate = f32::from_bits(rate);
        if inherits == 1 {
            inherit_or_sample_with(context, rate)
        } else {
            rate
        }
    });
    let sdk = Sdk::start(if instrumented {
        instrument(options)
    } else {
        options
    });
    (sdk, cell)
}

fn store(cell: &[AtomicU32; 2], returns: Returns) {
    let (rate, inherits) = match returns {
        Returns::Rate(rate) => (rate, 0),
        Returns::Inherits(rate) => (rate, 1),
    };
    cell[0].store(rate.to_bits(), Ordering::Relaxed);
    cell[1].store(inherits, Ordering::Relaxed);
}

#[test]
fn numbers_explain_the_decision_in_every_tag_and_envelope() {
    for instrumented in [true, false] {
        let (sdk, cell) = client(instrumented);
        let mut spans = Vec::new();
        for (caller, returns) in generated(400) {
            store(&cell, returns);
            let incoming = incoming(&caller);
            let span =
                sdk.run(|| RootSpan::start(&TraceOptions::of_client(), incoming.clone(), &NAME));
            span.in_scope(|| sentry::capture_message("an error", Level::Error));
            Numbers::of(span.baggage()).assert_explain(span.sampled(), incoming.as_ref());
            let inherited = incoming
                .filter(is_explainable)
                .and_then(|it| it.sentry_trace().sampled());
            if let (true, Returns::Inherits(_), Some(sampled)) = (instrumented, returns, inherited)
            {
                assert_eq!(span.sampled(), Some(sampled), "{caller:?}");
            }
            spans.push((
                span.span_id().to_string(),
                span.sampled(),
                span.dynamic_sampling_context().clone(),
            ));
        }
        let sent = sdk.sent();
        for (span_id, sampled, context) in spans {
            let of_span = |kind: &str| {
                let of_kind = sent.iter().filter(|envelope| {
                    envelope
                        .of_kind(kind)
                        .any(|it| it["contexts"]["trace"]["span_id"] == span_id)
                });
                of_kind
                    .map(|envelope| envelope.header["trace"].clone())
                    .collect::<Vec<_>>()
            };
            let (transactions, events) = (of_span("transaction"), of_span("event"));
            assert_eq!(
                transactions.len(),
                usize::from(sampled == Some(true)),
                "{context}"
            );
            assert_eq!(events.len(), 1);
            let shown = serde_json::to_value(&context).unwrap();
            for header in transactions.iter().chain(&events).filter(|_| instrumented) {
                assert_eq!(
                    header.as_object().unwrap_or(&serde_json::Map::new()),
                    shown.as_object().unwrap()
                );
            }
        }
    }
}

#[test]
fn a_rate_of_the_caller_that_the_sdk_rounds_is_still_the_callers() {
    let baggage =
        "sentry-sample_rate=0.123456789123,sentry-sample_rand=0.123456789,sentry-sampled=true";
    let (sdk, cell) = client(true);
    store(&cell, Returns::Inherits(0.0));
    for flag in ["-1", "-0"] {
        let incoming = IncomingTrace::parse([sentry_trace(flag)], [baggage]);
        let span = sdk.run(|| RootSpan::start(&TraceOptions::of_client(), incoming, &NAME));
        assert_eq!(span.sampled(), Some(flag == "-1"));
        assert_eq!(span.baggage().as_str(), baggage);
    }
}

#[test]
fn a_caller_without_a_rate_is_followed_by_who_inherits() {
    for (flag, rate) in [("-1", "1"), ("-0", "0")] {
        let (sdk, cell) = client(true);
        store(&cell, Returns::Inherits(0.5));
        let incoming = IncomingTrace::parse([sentry_trace(flag)], ["sentry-sample_rand=0.5"]);
        let span = sdk.run(|| RootSpan::start(&TraceOptions::of_client(), incoming, &NAME));
        assert_eq!(span.sampled(), Some(flag == "-1"));
        assert_eq!(span.baggage().get("sample_rate").unwrap(), rate);
    }
}

#[test]
fn a_rate_of_0_or_1_decides_whatever_the_caller_says() {
    for (rate, flag, sampled) in [
        (0.0, "-1", false),
        (f64::NAN, "-1", false),
        (1.0, "-0", true),
    ] {
        let options = TraceOptions::new().traces_sampler(move |_| rate);
        let baggage = format!("sentry-sample_rate={}", u8::from(sampled));
        let incoming = IncomingTrace::parse([sentry_trace(flag)], [&baggage]);
        let span = RootSpan::start(&options, incoming, &NAME);
        assert_eq!(span.sampled(), Some(sampled), "{rate}");
        assert_eq!(span.baggage().get("sampled").unwrap(), sampled.to_string());
    }
}

#[test]
fn an_empty_context_stays_empty_whoever_decides() {
    for flag in ["-1", "-0", ""] {
        let options = TraceOptions::new().traces_sampler(|_| 0.5);
        let incoming = IncomingTrace::parse([sentry_trace(flag)], ["vendor=1"]);
        let span = RootSpan::start(&options, incoming, &NAME);
        assert!(span.sampled().is_some());
        assert!(span.baggage().is_empty());
    }
}

#[test]
fn an_adopted_span_that_overrules_the_caller_replaces_what_the_caller_says() {
    let baggage =
        "sentry-release=theirs,sentry-sample_rate=0.5,sentry-sample_rand=0.25,sentry-sampled=true";
    for (rate, expected) in [
        (
            None,
            "sentry-release=theirs,sentry-sample_rand=0.25,sentry-sampled=false",
        ),
        (
            Some(1.0),
            "sentry-release=theirs,sentry-sample_rand=0.25,sentry-sampled=false",
        ),
    ] {
        let sdk = Sdk::start(ClientOptions::new().traces_sample_rate(1.0));
        let incoming = IncomingTrace::parse([SENTRY_TRACE], [baggage]).unwrap();
        let span = sdk.run(|| {
            let trace_id = incoming.sentry_trace().trace_id();
            let mut theirs =
                TransactionContext::new_with_trace_id("theirs", "http.server", trace_id.into());
            theirs.set_sampled(false);
            let theirs = sentry::start_transaction(theirs);
            Hub::current().configure_scope(|scope| scope.set_span(Some(theirs.into())));
            let options = TraceOptions::new();
            let options = match rate {
                Some(rate) => options.traces_sample_rate(rate).unwrap(),
                None => options,
            };
            RootSpan::start(&options, Some(incoming), &NAME)
        });
        assert_eq!(span.sampled(), Some(false));
        assert_eq!(span.baggage().as_str(), expected);
    }
}

#[test]
fn an_adopted_span_that_a_rate_explains_gets_a_number_that_does() {
    let sdk = Sdk::start(ClientOptions::new().traces_sample_rate(1.0));
    sdk.run(|| {
        let theirs = sentry::start_transaction(TransactionContext::new("theirs", "http.server"));
        Hub::current().configure_scope(|scope| scope.set_span(Some(theirs.into())));
        let options = TraceOptions::new().traces_sampler(|_| 0.000_001);
        let span = RootSpan::start(&options, None, &NAME);
        assert_eq!(span.sampled(), Some(true));
        assert_eq!(span.baggage().get("sample_rand").unwrap(), "0.000000");
    });
}
