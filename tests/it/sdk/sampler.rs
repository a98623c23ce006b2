//! What the sampler of a client decides.

use std::collections::HashSet;

use sentry::ClientOptions;

use super::trace::{
    assert_event_in_trace, assert_numbers_explain_decision, assert_one_trace, trace, visit_once,
};
use crate::support::ids::sentry_trace;
use crate::support::sdk::Sdk;

#[tokio::test]
async fn what_is_sent_is_what_the_tags_say_is_sampled() {
    let rate = ClientOptions::new().traces_sample_rate(0.5);
    let sampler = ClientOptions::new().traces_sampler(|_| 0.5);
    for options in [rate, sampler] {
        let sdk = Sdk::start(options);
        let mut announced = HashSet::new();
        for _ in 0..100 {
            let tags = visit_once(&sdk, &[]).await;
            assert_numbers_explain_decision(&tags);
            if tags.trace.sampled() == Some(true) {
                announced.insert(tags.trace_id());
            }
        }
        let sent = sdk.transactions();
        let sent = sent.iter().map(|sent| trace(sent)["trace_id"].as_str());
        assert_eq!(
            sent.map(|id| id.unwrap().to_owned())
                .collect::<HashSet<_>>(),
            announced
        );
        assert!((20..80).contains(&announced.len()), "{}", announced.len());
    }
}

#[tokio::test]
async fn a_sampler_that_is_certain_has_its_way() {
    for (rate, is_sampled) in [(0.0, false), (1.0, true), (2.0, true), (f32::NAN, false)] {
        let sdk = Sdk::start(ClientOptions::new().traces_sampler(move |_| rate));
        let tags = visit_once(&sdk, &[]).await;
        assert_eq!(tags.trace.sampled(), Some(is_sampled), "{rate}");
        assert_eq!(sdk.transactions().len(), usize::from(is_sampled), "{rate}");
        assert_event_in_trace(&sdk, &tags);
    }
}

#[tokio::test]
async fn a_rate_beyond_1_counts_as_the_sdk_counts_it() {
    let sdk = Sdk::start(ClientOptions::new().traces_sampler(|_| 2.0));
    let trace = sentry_trace("");
    let baggage = "sentry-release=theirs,sentry-sample_rand=0.5";
    let headers = [("sentry-trace", &*trace), ("baggage", baggage)];
    let tags = visit_once(&sdk, &headers).await;
    assert_eq!(
        tags.baggage.as_str(),
        "sentry-release=theirs,sentry-sample_rand=0.5,sentry-sample_rate=1,sentry-sampled=true"
    );
}

#[tokio::test]
async fn a_sampler_knows_the_request() {
    let sdk = Sdk::start(ClientOptions::new().traces_sampler(|context| {
        assert_eq!(context.name(), "GET /users/{id}");
        assert_eq!(context.operation(), "http.server");
        assert_ne!(context.trace_id().to_string(), "0".repeat(32));
        1.0
    }));
    let tags = visit_once(&sdk, &[]).await;
    assert_one_trace(&sdk, &tags, None);
}

#[tokio::test]
async fn a_sampler_sees_what_the_caller_has_decided() {
    let sampler = |context: &sentry::TransactionContext| match context.sampled() {
        Some(true) => 1.0,
        _ => 0.0,
    };
    for (decision, is_sampled) in [("-1", true), ("-0", false)] {
        let sdk = Sdk::start(ClientOptions::new().traces_sampler(sampler));
        let tags = visit_once(&sdk, &[("sentry-trace", &sentry_trace(decision))]).await;
        assert_eq!(tags.trace.sampled(), Some(is_sampled));
        assert_eq!(sdk.transactions().len(), usize::from(is_sampled));
    }
}

#[tokio::test]
async fn a_sampler_outranks_the_caller_in_tags_and_transactions() {
    for (decision, rate, is_sampled) in [("-1", 0.0, false), ("-0", 1.0, true)] {
        for instrumented in [false, true] {
            let options = ClientOptions::new().traces_sampler(move |_| rate);
            let sdk = Sdk::start(if instrumented {
                sentry_ssr::instrument(options)
            } else {
                options
            });
            let tags = visit_once(&sdk, &[("sentry-trace", &sentry_trace(decision))]).await;
            assert_eq!(tags.trace.sampled(), Some(is_sampled));
            assert_eq!(sdk.transactions().len(), usize::from(is_sampled));
        }
    }
}
