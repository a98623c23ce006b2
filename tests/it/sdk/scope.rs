//! What is a part of a request, and what is not.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread;

use axum::Router;
use axum::routing::get;
use sentry::{Hub, Level};
use sentry_ssr::{RootSpan, RootSpanLayer, SpanId, TraceOptions, TransactionName};
use serde_json::Value;

use crate::support::request;
use crate::support::sdk::Sdk;
use crate::support::tags::tags;

fn current() -> Option<SpanId> {
    RootSpan::current().map(|span| span.span_id())
}

fn start() -> RootSpan {
    let options = TraceOptions::new().traces_sample_rate(1.0).unwrap();
    RootSpan::start(&options, None, &TransactionName::custom("a span"))
}

fn report() {
    sentry::capture_message("something is wrong", Level::Error);
}

/// All events that were reported are of one request.
#[track_caller]
fn assert_events_in_trace(sdk: &Sdk, span_id: &str, count: usize) {
    let events = sdk.events();
    assert_eq!(events.len(), count);
    for event in events {
        assert_eq!(event["contexts"]["trace"]["span_id"], span_id);
    }
}

#[test]
fn nothing_is_current_outside_of_a_request() {
    assert_eq!(current(), None);
    assert_eq!(sentry_ssr::meta_tags().to_string(), "");
    assert!(sentry_ssr::trace_data().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_is_part_of_its_request_across_awaits() {
    async fn handler(span: RootSpan) -> String {
        let mut threads = Vec::new();
        for _ in 0..100 {
            assert_eq!(current(), Some(span.span_id()));
            report();
            threads.push(thread::current().id());
            tokio::task::yield_now().await;
        }
        sentry_ssr::meta_tags().to_string()
    }
    let sdk = Arc::new(Sdk::sampling_all());
    let app = Router::new()
        .route("/", get(handler))
        .layer(RootSpanLayer::new());
    let visit = sdk.scope(tags(app, request::get("/")));
    let tags = tokio::spawn(visit).await.unwrap();
    assert_events_in_trace(&sdk, &tags.span_id(), 100);
    assert_eq!(current(), None);
}

#[tokio::test]
async fn other_tasks_and_threads_are_not_part_of_it_unless_they_are_taken_along() {
    async fn handler(span: RootSpan) -> String {
        let id = Some(span.span_id());
        let ask = async || current();
        let task = tokio::spawn(ask());
        assert_eq!(task.await.unwrap(), None);
        assert_eq!(tokio::task::spawn_blocking(current).await.unwrap(), None);
        assert_eq!(thread::spawn(current).join().unwrap(), None);

        let ask_later = async || {
            tokio::task::yield_now().await;
            report();
            current()
        };
        let task = tokio::spawn(span.clone().scope(ask_later()));
        assert_eq!(task.await.unwrap(), id);
        let ask = || {
            report();
            current()
        };
        let blocking = span.clone();
        let blocking = tokio::task::spawn_blocking(move || blocking.in_scope(ask));
        assert_eq!(blocking.await.unwrap(), id);
        let far = span.clone();
        let far = thread::spawn(move || far.in_scope(ask));
        assert_eq!(far.join().unwrap(), id);
        span.meta_tags().to_string()
    }
    let sdk = Sdk::sampling_all();
    let app = Router::new()
        .route("/", get(handler))
        .layer(RootSpanLayer::new());
    let tags = sdk.scope(tags(app, request::get("/"))).await;
    assert_events_in_trace(&sdk, &tags.span_id(), 3);
}

#[test]
fn scopes_nest_and_end_also_by_a_panic() {
    let sdk = Sdk::sampling_all();
    sdk.run(|| {
        let (outer, inner) = (start(), start());
        let hub = Hub::current();
        outer.in_scope(|| {
            let panicked = catch_unwind(AssertUnwindSafe(|| {
                inner.in_scope(|| {
                    assert_eq!(current(), Some(inner.span_id()));
                    panic!("nobody expects this");
                });
            }));
            assert!(panicked.is_err());
            assert_eq!(current(), Some(outer.span_id()));
            report();
        });
        assert_eq!(current(), None);
        assert!(Arc::ptr_eq(&Hub::current(), &hub));
        let reported = sdk.events();
        let of_outer =
            |event: &&Value| event["contexts"]["trace"]["span_id"] == outer.span_id().to_string();
        assert_eq!(reported.iter().filter(of_outer).count(), 1);
    });
}

#[test]
fn a_span_without_a_client_has_a_scope_too() {
    let span = start();
    assert_eq!(span.in_scope(current), Some(span.span_id()));
}

#[test]
fn a_future_that_is_part_of_a_request_is_dropped_as_one() {
    struct Ask(SpanId);
    impl Drop for Ask {
        fn drop(&mut self) {
            assert_eq!(current(), Some(self.0));
            report();
        }
    }
    let sdk = Sdk::sampling_all();
    let span = sdk.run(start);
    let ask = Ask(span.span_id());
    drop(span.clone().scope(async move {
        let _ask = ask;
    }));
    assert_events_in_trace(&sdk, &span.span_id().to_string(), 1);
}

/// Notes in whose scope it is dropped.
struct Dropped(Arc<Mutex<Vec<Option<SpanId>>>>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.lock().unwrap().push(current());
    }
}

#[tokio::test]
async fn what_is_done_is_dropped_at_once_as_a_part_of_its_request() {
    let (span, seen) = (start(), Arc::default());
    let held = Dropped(Arc::clone(&seen));
    let mut done = pin!(span.clone().scope(poll_fn(move |_| {
        let _held = &held;
        Poll::Ready(())
    })));
    done.as_mut().await;
    let seen = seen.lock().unwrap().clone();
    assert_eq!(seen, [Some(span.span_id())]);
}
