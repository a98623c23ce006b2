//! Rule: a trace is decided about once, by the number that its context shows.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sentry::{ClientOptions, TransactionContext};
use sentry_ssr::{SampleRand, SampleRate, TraceId, instrument};
use serde_json::Value;

use super::rig::{Context, EXACT, in_envelope, of_kind, visit};
use crate::support::ids::{SENTRY_TRACE, sentry_trace};
use crate::support::sdk::Sdk;

/// A sampler with this rate, and how often it was asked.
fn counting(rate: f32) -> (ClientOptions, Arc<AtomicUsize>) {
    let asked = Arc::<AtomicUsize>::default();
    let count = Arc::clone(&asked);
    let options = ClientOptions::new().traces_sampler(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        rate
    });
    (instrument(options), asked)
}

fn explains(context: &Context) -> bool {
    let rand: SampleRand = context["sample_rand"].parse().unwrap();
    let rate: SampleRate = context["sample_rate"].parse().unwrap();
    rand.is_below(rate) == (context["sampled"] == "true")
}

#[tokio::test]
async fn a_sampler_is_asked_once_a_trace_and_the_number_explains_the_decision() {
    let (options, asked) = counting(0.5);
    let sdk = Sdk::start(options);
    let mut sampled = 0;
    for _ in 0..100 {
        let context = visit(&sdk, "/users/1", &[]).await;
        assert_eq!(context["sample_rate"], "0.5");
        assert!(explains(&context), "{context:?}");
        let trace_id: TraceId = context["trace_id"].parse().unwrap();
        assert_eq!(context["sample_rand"], SampleRand::of(trace_id).to_string());
        sampled += usize::from(context["sampled"] == "true");
    }
    assert_eq!(asked.load(Ordering::Relaxed), 100);
    assert_eq!(sdk.transactions().len(), sampled);
}

#[tokio::test]
async fn a_sampler_is_asked_once_about_a_continued_trace_and_outranks_the_caller() {
    let baggage = "sentry-sample_rand=0.5,sentry-sample_rate=0.6,sentry-sampled=true";
    for (flag, rate, sent) in [
        ("-1", 0.4, 0),
        ("-0", 0.75, 1),
        ("-1", 0.6, 1),
        ("-0", 0.0, 0),
    ] {
        let trace = sentry_trace(flag);
        let (options, asked) = counting(rate);
        let sdk = Sdk::start(options);
        let headers = [("sentry-trace", &*trace), ("baggage", baggage)];
        let context = visit(&sdk, "/users/1", &headers).await;
        assert!(explains(&context), "{context:?}");
        assert_eq!(context["sample_rate"], rate.to_string());
        assert_eq!(sdk.transactions().len(), sent, "{flag}");
        assert_eq!(asked.load(Ordering::Relaxed), 1, "{flag}");
    }
}

#[tokio::test]
async fn a_sampler_of_the_sdk_sees_the_caller_and_the_request() {
    for instrumented in [false, true] {
        let options = ClientOptions::new().traces_sampler(|context| {
            let custom = context.custom().unwrap();
            assert_eq!(context.name(), "GET /users/{id}");
            assert_eq!(context.operation(), "http.server");
            assert_eq!(context.sampled(), Some(true));
            assert_eq!(custom["parent_sampled"], true);
            assert_eq!(custom["parent_sample_rate"], 0.25);
            assert_eq!(custom["method"], "GET");
            assert_eq!(custom["path"], "/users/1");
            assert_eq!(custom["headers"]["x-bot"], "yes");
            0.0
        });
        let sdk = Sdk::start(if instrumented {
            instrument(options)
        } else {
            options
        });
        let headers = [
            ("sentry-trace", SENTRY_TRACE),
            ("baggage", "sentry-sample_rate=0.25"),
            ("x-bot", "yes"),
        ];
        visit(&sdk, "/users/1", &headers).await;
        assert_eq!(sdk.transactions().len(), 0);
    }
}

#[tokio::test]
async fn a_decision_that_was_deferred_is_asked_about_once() {
    let trace = &*sentry_trace("");
    let baggage = "sentry-sample_rand=0.7,sentry-release=theirs";
    for (rate, sent) in [(0.71, 1), (0.7, 0)] {
        let (options, asked) = counting(rate);
        let sdk = Sdk::start(options);
        let headers = [("sentry-trace", trace), ("baggage", baggage)];
        let context = visit(&sdk, "/users/1", &headers).await;
        assert!(explains(&context), "{context:?}");
        assert_eq!(sdk.transactions().len(), sent, "{rate}");
        assert_eq!(asked.load(Ordering::Relaxed), 1, "{rate}");
    }
}

/// Starts and ends transactions as code does that knows nothing of this crate.
fn others(sdk: &Sdk, count: usize) -> Vec<TraceId> {
    let trace_ids = (0..count).map(|_| {
        let context = TransactionContext::new("job", "queue.task");
        let trace_id = context.trace_id().to_string();
        sdk.run(|| sentry::start_transaction(context).finish());
        trace_id.parse().unwrap()
    });
    trace_ids.collect()
}

#[test]
fn transactions_of_other_code_are_decided_by_the_same_rule() {
    let (sampler, asked) = counting(0.5);
    let fixed = instrument(ClientOptions::new().traces_sample_rate(0.5));
    for options in [sampler, fixed] {
        let sdk = Sdk::start(options);
        let trace_ids = others(&sdk, 100);
        let rate = SampleRate::try_from(0.5).unwrap();
        let expected = trace_ids
            .iter()
            .filter(|trace_id| SampleRand::of(**trace_id).is_below(rate))
            .map(TraceId::to_string);
        let trace_id = |transaction: &Value| {
            let trace_id = transaction["contexts"]["trace"]["trace_id"].as_str();
            trace_id.unwrap().to_owned()
        };
        let sent: Vec<_> = sdk.transactions().iter().map(trace_id).collect();
        assert_eq!(sent, expected.collect::<Vec<_>>());
    }
    assert_eq!(asked.load(Ordering::Relaxed), 100);
}

#[test]
fn transactions_of_other_code_inherit_at_a_rate_and_ask_a_sampler() {
    for sampled in [true, false] {
        let start = |sdk: &Sdk| {
            let mut context = TransactionContext::new("job", "queue.task");
            context.set_sampled(sampled);
            sdk.run(|| sentry::start_transaction(context).finish());
        };
        let rate = f32::from(!sampled);
        let sdk = Sdk::start(instrument(ClientOptions::new().traces_sample_rate(rate)));
        start(&sdk);
        assert_eq!(sdk.transactions().len(), usize::from(sampled));

        let (options, asked) = counting(rate);
        let sdk = Sdk::start(options);
        start(&sdk);
        assert_eq!(sdk.transactions().len(), usize::from(!sampled));
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }
}

#[test]
fn transactions_of_other_code_leave_as_the_sdk_sends_them() {
    for (rig, instrument) in EXACT {
        let sdk = Sdk::start(instrument(ClientOptions::new().traces_sample_rate(1.0)));
        others(&sdk, 1);
        let envelopes = of_kind(&sdk, "transaction");
        assert_eq!(in_envelope(&envelopes[0]), None, "{rig}");
    }
}

#[tokio::test]
async fn without_a_rate_nothing_is_decided() {
    let sdk = Sdk::start(instrument(ClientOptions::new()));
    let context = visit(&sdk, "/users/1", &[]).await;
    assert!(!context.contains_key("sampled"));
    assert!(sdk.transactions().is_empty());
}

#[tokio::test]
async fn a_rate_that_is_set_afterwards_counts() {
    let sdk = Sdk::start(instrument(ClientOptions::new()).traces_sample_rate(0.25));
    for _ in 0..20 {
        let context = visit(&sdk, "/users/1", &[]).await;
        assert_eq!(context["sample_rate"], "0.25");
        assert!(explains(&context));
    }
}
