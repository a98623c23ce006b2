//! Rule: every envelope shows the context that the page shows, field by field.

use std::sync::Arc;

use sentry::{ClientOptions, Hub, Level, TransactionContext};
use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
use tokio::task::JoinSet;

use super::rig::{Context, in_envelope, in_page, of_kind, rigs, visit, visit_under};
use crate::support::ids::{TRACE_ID, sentry_trace};
use crate::support::sdk::Sdk;

fn options() -> ClientOptions {
    ClientOptions::new()
        .release("shop@1.0, \"beta\"")
        .environment("test")
}

/// Visits a page under each kind of client and compares its tag with the envelopes of this kind.
async fn assert_one(
    kind: &str,
    options: &ClientOptions,
    path: &str,
    headers: &[(&str, &str)],
) -> Context {
    let mut last = Context::new();
    for (rig, instrument) in rigs() {
        let sdk = Sdk::start(instrument(options.clone()));
        let in_page = visit(&sdk, path, headers).await;
        let envelopes = of_kind(&sdk, kind);
        assert_eq!(envelopes.len(), 1, "{kind} by {rig}");
        let in_envelope = in_envelope(&envelopes[0]).unwrap_or_default();
        assert_eq!(in_envelope, in_page, "{kind} by {rig}");
        last = in_page;
    }
    last
}

#[tokio::test]
async fn the_head_of_a_trace_shows_what_its_page_shows() {
    let options = options().traces_sample_rate(1.0);
    let context = assert_one("transaction", &options, "/users/1", &[]).await;

    let keys: Vec<_> = context.keys().map(String::as_str).collect();
    let expected =
        "environment public_key release sample_rand sample_rate sampled trace_id transaction";
    assert_eq!(keys.join(" "), expected);
    assert_eq!(context["release"], "shop@1.0, \"beta\"");
    assert_eq!(context["transaction"], "GET /users/{id}");
}

#[tokio::test]
async fn a_continued_trace_shows_the_context_that_it_came_with() {
    let baggage = format!(
        "sentry-trace_id={TRACE_ID},sentry-public_key=theirs,sentry-release=their%20app,\
         sentry-sample_rate=0.1,sentry-sampled=true,sentry-sample_rand=0.05,vendor=1,\
         sentry-replay_id=5e1f,sentry-k%C3%A4se=%E2%82%AC%22%5C%0A,sentry-org_id=not%20a%20number"
    );
    let trace = sentry_trace("-1");
    let headers = [("sentry-trace", &*trace), ("baggage", &*baggage)];
    let options = options().traces_sample_rate(0.0);
    let context = assert_one("transaction", &options, "/users/1", &headers).await;

    assert_eq!(context["release"], "their app");
    assert_eq!(context["replay_id"], "5e1f");
    assert_eq!(context["käse"], "€\"\\\n");
    assert!(!context.contains_key("environment"));
}

#[tokio::test]
async fn a_trace_that_came_without_a_context_leaves_without_one() {
    let trace = sentry_trace("-1");
    let headers = [("sentry-trace", &*trace)];
    for (rig, instrument) in rigs() {
        let sdk = Sdk::start(instrument(options().traces_sample_rate(1.0)));
        assert!(visit(&sdk, "/error", &headers).await.is_empty());
        let envelopes = sdk.sent();
        assert_eq!(envelopes.len(), 2, "{rig}");
        for envelope in envelopes {
            assert_eq!(in_envelope(&envelope), None, "{rig}");
        }
    }
}

#[tokio::test]
async fn a_deferred_trace_shows_the_decision_made_here() {
    let baggage = "sentry-public_key=theirs,sentry-sample_rand=0.3,sentry-extra=1";
    let trace = sentry_trace("");
    let headers = [("sentry-trace", &*trace), ("baggage", baggage)];
    let options = options().traces_sample_rate(0.5);
    let context = assert_one("transaction", &options, "/users/1", &headers).await;

    let shown = ["sample_rate", "sample_rand", "sampled"].map(|key| &*context[key]);
    assert_eq!(shown, ["0.5", "0.3", "true"]);
    assert_eq!(context["extra"], "1");
}

#[tokio::test]
async fn a_sampler_shows_its_rate() {
    let options = options().traces_sampler(|context| {
        let is_page = context.name() == "GET /users/{id}";
        if is_page { 1.0 } else { 0.0 }
    });
    let context = assert_one("transaction", &options, "/users/1", &[]).await;
    assert_eq!(context["sample_rate"], "1");
}

#[tokio::test]
async fn an_error_event_shows_the_context_of_its_request() {
    let traces = [("-1", "sampled"), ("-0", "unsampled"), ("", "deferred")];
    for (flag, case) in traces {
        let trace = sentry_trace(flag);
        let baggage = "sentry-public_key=theirs,sentry-case=";
        let baggage = format!("{baggage}{case}");
        let headers = [("sentry-trace", &*trace), ("baggage", &*baggage)];
        for path in ["/error", "/error-in-child"] {
            let context = assert_one("event", &options(), path, &headers).await;
            assert_eq!(context["case"], case);
        }
    }
    let head = assert_one("event", &options().traces_sample_rate(0.0), "/error", &[]).await;
    assert_eq!(head["sampled"], "false");
    let deferred = assert_one("event", &options(), "/error", &[]).await;
    assert!(!deferred.contains_key("sampled"));
}

#[tokio::test]
async fn an_error_event_freezes_what_the_transaction_shows() {
    let options = options().traces_sample_rate(1.0);
    assert_one("transaction", &options, "/error", &[]).await;
    assert_one("transaction", &options, "/error-in-child", &[]).await;
}

#[tokio::test]
async fn an_event_that_comes_after_the_end_of_its_request_shows_its_context_too() {
    for (rig, instrument) in rigs() {
        let sdk = Sdk::start(instrument(options().traces_sample_rate(0.0)));
        let (page, hub) = visit_and_keep_the_hub(&sdk);
        hub.capture_message("late", Level::Error);
        let envelopes = of_kind(&sdk, "event");
        assert_eq!(envelopes.len(), 1, "{rig}");
        assert_eq!(in_envelope(&envelopes[0]), Some(page), "{rig}");
    }
}

/// Visits a page of which a part lives on, as a task does that was bound to the request's hub.
fn visit_and_keep_the_hub(sdk: &Sdk) -> (Context, Arc<Hub>) {
    sdk.run(|| {
        let name = TransactionName::route("GET", "/users/{id}");
        let span = RootSpan::start(&TraceOptions::of_client(), None, &name);
        let page = in_page(&span.meta_tags().to_string());
        (page, span.in_scope(Hub::current))
    })
}

#[tokio::test]
async fn an_adopted_transaction_shows_what_the_page_shows() {
    for (rig, instrument) in rigs() {
        let sdk = Sdk::start(instrument(options().traces_sample_rate(1.0)));
        let hub = Arc::new(Hub::new_from_top(sdk.hub()));
        let theirs = hub.start_transaction(TransactionContext::new("theirs", "http.server"));
        hub.configure_scope(|scope| scope.set_span(Some(theirs.clone().into())));
        let page = visit_under(hub, "/error").await;
        theirs.finish();
        let envelopes = sdk.sent();
        assert_eq!(envelopes.len(), 2, "{rig}");
        for envelope in envelopes {
            assert_eq!(in_envelope(&envelope).as_ref(), Some(&page), "{rig}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn five_hundred_requests_at_once_show_five_hundred_contexts() {
    for (rig, instrument) in rigs() {
        let sdk = Arc::new(Sdk::start(instrument(options().traces_sample_rate(0.5))));
        let mut visits = JoinSet::new();
        for n in 0..500 {
            let sdk = Arc::clone(&sdk);
            visits.spawn(async move { visit_nth(&sdk, n).await });
        }
        let pages = visits.join_all().await;

        let sampled: Vec<_> = pages
            .iter()
            .filter(|context| context["sampled"] == "true")
            .collect();
        let transactions = of_kind(&sdk, "transaction");
        assert_eq!(transactions.len(), sampled.len(), "{rig}");
        assert_eq!(of_kind(&sdk, "event").len(), 250, "{rig}");
        for envelope in sdk.sent() {
            let context = in_envelope(&envelope).unwrap();
            let payload = &envelope.items[0].payload;
            assert_eq!(
                payload["contexts"]["trace"]["trace_id"],
                context["trace_id"]
            );
            assert!(pages.contains(&context), "{rig}: {context:?}");
        }
    }
}

async fn visit_nth(sdk: &Sdk, n: u32) -> Context {
    let path = if n.is_multiple_of(2) {
        "/users/1"
    } else {
        "/error"
    };
    visit(sdk, path, &[]).await
}
