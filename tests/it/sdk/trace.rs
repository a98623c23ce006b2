//! One line a rule: whose trace a request is part of, and who hears of it.

use std::collections::HashSet;

use axum::Router;
use axum::routing::get;
use sentry::{ClientOptions, Level};
use sentry_ssr::{RootSpan, RootSpanLayer};
use serde_json::Value;

use crate::support::ids::{SPAN_ID, TRACE_ID, sentry_trace};
use crate::support::request;
use crate::support::sdk::Sdk;
use crate::support::tags::{Tags, tags};

pub(super) fn routes() -> Router {
    Router::new().route("/users/{id}", get(page))
}

pub(super) fn app() -> Router {
    routes().layer(RootSpanLayer::new())
}

/// A page with all that a handler may report.
async fn page(span: RootSpan) -> String {
    if let Some(span) = span.sdk_span() {
        span.start_child("db.query", "SELECT 1").finish();
    }
    sentry::add_breadcrumb(sentry::Breadcrumb {
        message: Some(format!("crumb of {}", span.span_id())),
        ..sentry::Breadcrumb::default()
    });
    sentry::capture_message("something is wrong", Level::Error);
    span.meta_tags().to_string()
}

/// Visits the page of a service once.
pub(super) async fn visit_once(sdk: &Sdk, headers: &[(&str, &str)]) -> Tags {
    let request = request::get_with("/users/ada", headers);
    sdk.scope(tags(app(), request)).await
}

pub(super) fn trace(item: &Value) -> &Value {
    &item["contexts"]["trace"]
}

/// The transaction and the event of a request, and the tags of its page, are of one trace.
#[track_caller]
pub(super) fn assert_one_trace(sdk: &Sdk, tags: &Tags, parent: Option<&str>) {
    let transaction = sdk.transaction();
    assert_eq!(trace(&transaction)["trace_id"], tags.trace_id());
    assert_eq!(trace(&transaction)["span_id"], tags.span_id());
    assert_eq!(trace(&transaction)["parent_span_id"].as_str(), parent);
    let [child] = transaction["spans"].as_array().unwrap().as_slice() else {
        panic!("not one child span: {transaction:#}");
    };
    assert_eq!(child["op"], "db.query");
    assert_eq!(child["trace_id"], tags.trace_id());
    assert_eq!(child["parent_span_id"], tags.span_id());
    assert_event_in_trace(sdk, tags);
}

#[track_caller]
pub(super) fn assert_event_in_trace(sdk: &Sdk, tags: &Tags) {
    let event = sdk.event();
    assert_eq!(trace(&event)["trace_id"], tags.trace_id());
    assert_eq!(trace(&event)["span_id"], tags.span_id());
    let crumbs = event["breadcrumbs"]["values"].as_array().unwrap();
    let crumbs: Vec<_> = crumbs.iter().map(|crumb| &crumb["message"]).collect();
    assert_eq!(crumbs, [&format!("crumb of {}", tags.span_id())]);
}

/// Nothing but the error event goes to Sentry.
#[track_caller]
fn assert_no_transaction(sdk: &Sdk, tags: &Tags) {
    assert_eq!(sdk.transactions(), [Value::Null; 0]);
    assert_event_in_trace(sdk, tags);
}

/// `sample_rand < sample_rate` exactly where the trace is sampled.
#[track_caller]
pub(super) fn assert_numbers_explain_decision(tags: &Tags) {
    let is_below = tags.number("sample_rand") < tags.number("sample_rate");
    assert_eq!(Some(is_below), tags.trace.sampled(), "{tags:?}");
    assert_eq!(
        tags.entry("sampled"),
        Some(is_below.to_string()),
        "{tags:?}"
    );
}

#[tokio::test]
async fn a_head_of_trace_is_sent_under_the_ids_of_the_tags() {
    let sdk = Sdk::start(
        ClientOptions::new()
            .traces_sample_rate(1.0)
            .release("shop@1")
            .environment("test"),
    );
    let tags = visit_once(&sdk, &[]).await;
    assert_one_trace(&sdk, &tags, None);
    assert_eq!(tags.trace.sampled(), Some(true));
    assert_numbers_explain_decision(&tags);
    for (key, value) in [
        ("trace_id", &*tags.trace_id()),
        ("public_key", "public"),
        ("release", "shop@1"),
        ("environment", "test"),
        ("transaction", "GET /users/{id}"),
        ("sample_rate", "1"),
    ] {
        assert_eq!(tags.entry(key).as_deref(), Some(value), "{key}");
    }
}

#[tokio::test]
async fn a_continued_trace_is_sent_under_the_span_that_called() {
    let sdk = Sdk::sampling_all();
    let baggage = "sentry-trace_id=771a43a4192642f0b136d5159a501700,sentry-sample_rand=0.25,\
                   sentry-release=theirs,sentry-unknown=kept";
    let headers = [("sentry-trace", &*sentry_trace("-1")), ("baggage", baggage)];
    let tags = visit_once(&sdk, &headers).await;
    assert_one_trace(&sdk, &tags, Some(SPAN_ID));
    assert_eq!(tags.trace_id(), TRACE_ID);
    assert_eq!(tags.trace.sampled(), Some(true));
    assert_eq!(tags.baggage.as_str(), baggage);
}

#[tokio::test]
async fn a_continued_trace_is_sent_whatever_our_own_rate() {
    let sdk = Sdk::start(ClientOptions::new().traces_sample_rate(0.0));
    let tags = visit_once(&sdk, &[("sentry-trace", &sentry_trace("-1"))]).await;
    assert_one_trace(&sdk, &tags, Some(SPAN_ID));
    assert_eq!(tags.baggage.as_str(), "", "frozen empty");
}

#[tokio::test]
async fn an_unsampled_trace_is_continued_and_not_sent() {
    let sdk = Sdk::sampling_all();
    let tags = visit_once(&sdk, &[("sentry-trace", &sentry_trace("-0"))]).await;
    assert_eq!(tags.trace_id(), TRACE_ID);
    assert_eq!(tags.trace.sampled(), Some(false));
    assert_no_transaction(&sdk, &tags);
}

#[tokio::test]
async fn a_rate_of_zero_decides_against_every_new_trace() {
    let sdk = Sdk::start(ClientOptions::new().traces_sample_rate(0.0));
    let tags = visit_once(&sdk, &[]).await;
    assert_eq!(tags.trace.sampled(), Some(false));
    assert_numbers_explain_decision(&tags);
    assert_no_transaction(&sdk, &tags);
}

#[tokio::test]
async fn a_deferred_trace_is_decided_here_where_there_is_a_rate() {
    for (rate, is_sampled) in [(0.25, false), (0.26, true)] {
        let sdk = Sdk::start(ClientOptions::new().traces_sample_rate(rate));
        let headers = [
            ("sentry-trace", &*sentry_trace("")),
            ("baggage", "sentry-sample_rand=0.25"),
        ];
        let tags = visit_once(&sdk, &headers).await;
        assert_eq!(tags.trace.sampled(), Some(is_sampled));
        assert_eq!(tags.entry("sample_rate"), Some(rate.to_string()));
        assert_numbers_explain_decision(&tags);
        if is_sampled {
            assert_one_trace(&sdk, &tags, Some(SPAN_ID));
        } else {
            assert_no_transaction(&sdk, &tags);
        }
    }
}

#[tokio::test]
async fn a_deferred_trace_stays_deferred_without_a_rate() {
    let sdk = Sdk::start(ClientOptions::new());
    let tags = visit_once(&sdk, &[("sentry-trace", &sentry_trace(""))]).await;
    assert_eq!(tags.trace_id(), TRACE_ID);
    assert_eq!(tags.trace.sampled(), None);
    assert_no_transaction(&sdk, &tags);
}

#[tokio::test]
async fn a_sampled_trace_is_passed_on_but_not_sent_without_a_rate() {
    let sdk = Sdk::start(ClientOptions::new());
    let tags = visit_once(&sdk, &[("sentry-trace", &sentry_trace("-1"))]).await;
    assert_eq!(tags.trace_id(), TRACE_ID);
    assert_eq!(tags.trace.sampled(), Some(true));
    assert_no_transaction(&sdk, &tags);
}

#[tokio::test]
async fn every_request_has_a_trace_of_its_own_without_a_rate() {
    let sdk = Sdk::start(ClientOptions::new());
    let mut ids = HashSet::new();
    for _ in 0..3 {
        let tags = visit_once(&sdk, &[]).await;
        assert_eq!(tags.trace.sampled(), None);
        for key in ["sampled", "sample_rate", "transaction"] {
            assert_eq!(tags.entry(key), None);
        }
        ids.insert(tags.trace_id());
    }
    assert_eq!(ids.len(), 3);
    let events = sdk.events();
    let of_events = events.iter().map(|event| trace(event)["trace_id"].as_str());
    assert_eq!(
        of_events
            .map(|id| id.unwrap().to_owned())
            .collect::<HashSet<_>>(),
        ids
    );
    assert_eq!(sdk.transactions(), [Value::Null; 0]);
}

#[tokio::test]
async fn a_trace_of_another_organization_is_not_continued() {
    let ours = || {
        ClientOptions::new()
            .traces_sample_rate(1.0)
            .org_id(7.into())
    };
    let cases = [
        (
            "another",
            ours(),
            "sentry-org_id=8,sentry-sample_rand=0.9",
            false,
        ),
        ("the same", ours(), "sentry-org_id=7", true),
        ("only ours", ours(), "sentry-sample_rand=0.9", true),
        (
            "only ours, strictly",
            ours().strict_trace_continuation(true),
            "sentry-a=b",
            false,
        ),
        (
            "only theirs, strictly",
            ClientOptions::new()
                .traces_sample_rate(1.0)
                .strict_trace_continuation(true),
            "sentry-org_id=8",
            false,
        ),
    ];
    for (case, options, baggage, is_continued) in cases {
        let sdk = Sdk::start(options);
        let headers = [("sentry-trace", &*sentry_trace("-0")), ("baggage", baggage)];
        let tags = visit_once(&sdk, &headers).await;
        assert_eq!(tags.trace_id() == TRACE_ID, is_continued, "{case}");
        if is_continued {
            assert_no_transaction(&sdk, &tags);
        } else {
            // Neither their ids nor their decision nor their entries count.
            assert_one_trace(&sdk, &tags, None);
            assert_numbers_explain_decision(&tags);
            assert_eq!(tags.entry("a"), None, "{case}");
        }
    }
}
