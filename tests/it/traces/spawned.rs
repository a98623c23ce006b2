//! Rule: work that is spawned for a request has a hub of its own, made from the request's.

use std::collections::BTreeMap;
use std::sync::{Arc, Barrier};
use std::thread;

use axum::Router;
use axum::routing::get;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use sentry::{Hub, Level, TransactionOrSpan};
use sentry_ssr::{RootSpan, RootSpanLayer};
use serde_json::Value;
use tokio::task::yield_now;

use crate::support::request::{self, send};
use crate::support::sdk::Sdk;

fn report(message: &str) {
    sentry::capture_message(message, Level::Error);
}

fn tag(name: &str) {
    sentry::configure_scope(|scope| scope.set_tag(name, "set"));
}

fn active_span() -> Option<TransactionOrSpan> {
    Hub::current().configure_scope(|scope| scope.get_span())
}

/// Work that pushes a scope, lets others run, and pops it again.
async fn work(name: &'static str, turns: usize) {
    let hub = Hub::current();
    let guard = hub.push_scope();
    tag(name);
    sentry::add_breadcrumb(sentry::Breadcrumb {
        message: Some(name.to_owned()),
        ..Default::default()
    });
    for _ in 0..turns {
        yield_now().await;
        assert_eq!(active_span(), RootSpan::current().unwrap().sdk_span());
    }
    report(name);
    drop(guard);
}

/// Serves one request with this handler.
async fn serve<F, Fut>(handler: F) -> Sdk
where
    F: FnOnce(RootSpan) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send,
{
    let handler = move |span: RootSpan| async move {
        tag("request");
        handler(span).await;
        report("request");
    };
    let sdk = Sdk::sampling_all();
    let app = Router::new()
        .route("/", get(handler))
        .layer(RootSpanLayer::new());
    let response = sdk.scope(send(app, request::get("/"))).await;
    assert_eq!(response.status(), 200);
    sdk
}

/// Each event shows the tag of its own work, that of the request, and nothing else; all are of one span.
#[track_caller]
fn assert_apart(sdk: &Sdk, count: usize) {
    let events = sdk.events();
    assert_eq!(events.len(), count);
    let span = events[0]["contexts"]["trace"]["span_id"].clone();
    for event in events {
        let message = event["message"].as_str().unwrap();
        let tags: BTreeMap<String, Value> = serde_json::from_value(event["tags"].clone()).unwrap();
        let mut expected = vec![message, "request"];
        expected.sort_unstable();
        expected.dedup();
        assert_eq!(tags.keys().collect::<Vec<_>>(), expected);
        for breadcrumb in event["breadcrumbs"]["values"]
            .as_array()
            .into_iter()
            .flatten()
        {
            assert_eq!(breadcrumb["message"], message);
        }
        assert_eq!(event["contexts"]["trace"]["span_id"], span);
    }
}

#[tokio::test]
async fn two_tasks_overlap() {
    let sdk = serve(async |span| {
        let first = tokio::spawn(span.clone().scope(work("first", 1)));
        let second = tokio::spawn(span.scope(work("second", 3)));
        first.await.unwrap();
        second.await.unwrap();
    })
    .await;
    assert_apart(&sdk, 3);
}

#[tokio::test]
async fn two_futures_of_one_task_overlap() {
    let sdk = serve(async |span| {
        tokio::join!(
            span.clone().scope(work("first", 1)),
            span.scope(work("second", 3))
        );
    })
    .await;
    assert_apart(&sdk, 3);

    let sdk = serve(async |span| {
        let works = [("first", 1), ("second", 5), ("third", 3)];
        let works = works.map(|(name, turns)| span.clone().scope(work(name, turns)));
        works
            .into_iter()
            .collect::<FuturesUnordered<_>>()
            .collect::<Vec<_>>()
            .await;
    })
    .await;
    assert_apart(&sdk, 4);
}

/// Two `with_scope` of which the one that began first ends first.
fn overlap(run: impl Fn(Box<dyn FnOnce() + Send>) -> thread::JoinHandle<()>) {
    let (begun, ended) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let threads = [("first", false), ("second", true)].map(|(name, waits)| {
        let (begun, ended) = (Arc::clone(&begun), Arc::clone(&ended));
        run(Box::new(move || {
            if waits {
                begun.wait();
            }
            sentry::with_scope(
                |scope| scope.set_tag(name, "set"),
                || {
                    if waits {
                        ended.wait();
                    } else {
                        begun.wait();
                    }
                    report(name);
                },
            );
            if !waits {
                ended.wait();
            }
        }))
    });
    for thread in threads {
        thread.join().expect("no scope is popped out of order");
    }
}

#[tokio::test]
async fn two_threads_overlap() {
    let sdk = serve(async |span| {
        overlap(|work| {
            let span = span.clone();
            thread::spawn(move || span.in_scope(work))
        });
    })
    .await;
    assert_apart(&sdk, 3);
}

#[tokio::test]
async fn a_closure_that_takes_the_request_along_runs_apart_too() {
    let sdk = serve(async |_| {
        overlap(|work| thread::spawn(sentry_ssr::in_current_scope(work)));
        let task = tokio::spawn(sentry_ssr::current_scope(work("task", 2)));
        task.await.unwrap();
        let blocking = sentry_ssr::in_current_scope(|| {
            tag("blocking");
            report("blocking");
            sentry_ssr::meta_tags().to_string()
        });
        let tags = tokio::task::spawn_blocking(blocking).await.unwrap();
        assert_eq!(tags, sentry_ssr::meta_tags().to_string());
    })
    .await;
    assert_apart(&sdk, 5);
}

#[tokio::test]
async fn a_closure_outside_a_request_runs_unchanged() {
    assert!(sentry_ssr::in_current_scope(RootSpan::current)().is_none());
    assert!(
        sentry_ssr::current_scope(async { RootSpan::current() })
            .await
            .is_none()
    );
}

#[tokio::test]
async fn the_hub_of_the_request_stays_as_it_was() {
    serve(async |span| {
        let hub = Hub::current();
        let spawned = span.clone();
        thread::spawn(move || spawned.in_scope(|| assert_ne!(active_span(), None)))
            .join()
            .unwrap();
        span.in_scope(|| {
            assert!(!Arc::ptr_eq(&hub, &Hub::current()));
            sentry::configure_scope(|scope| scope.set_span(None));
        });
        assert!(Arc::ptr_eq(&hub, &Hub::current()));
        assert_eq!(active_span(), span.sdk_span());
    })
    .await;
}
