//! The hub of the whole process: its client counts on every thread, a span on it is nobody's parent.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use sentry::{Hub, Level, TransactionContext};
use sentry_ssr::{RootSpan, RootSpanLayer};
use tokio::runtime;

use crate::child::in_own_process;
use crate::support::request;
use crate::support::sdk::Sdk;
use crate::support::tags::{Tags, tags};

async fn page(span: RootSpan) -> String {
    sentry::capture_message("something is wrong", Level::Error);
    span.meta_tags().to_string()
}

fn routes() -> Router {
    Router::new().route("/users/{id}", get(page))
}

fn tags_of(app: Router) -> Tags {
    let runtime = runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(tags(app, request::get("/users/ada")))
}

#[test]
fn a_span_around_the_whole_process_is_not_adopted() {
    in_own_process(|| {
        let sdk = Sdk::sampling_all();
        Hub::main().bind_client(Some(sdk.client().clone()));
        let startup = Hub::main().start_transaction(TransactionContext::new("startup", "test"));
        Hub::main().configure_scope(|scope| scope.set_span(Some(startup.into())));
        let with_and_without_layer = || {
            let apps = [routes(), routes().layer(RootSpanLayer::new())];
            apps.map(tags_of)
        };
        let mut tags = Vec::from(with_and_without_layer());
        tags.extend(thread::spawn(with_and_without_layer).join().unwrap());
        let transactions = sdk.transactions();
        assert_eq!(transactions.len(), 4);
        for (transaction, tags) in transactions.iter().zip(&tags) {
            tags.assert_same_span(transaction);
        }
    });
}

#[test]
fn a_thread_older_than_the_client_finds_it() {
    in_own_process(|| {
        // The process's hub is that of the thread which asks first.
        drop(Hub::main());
        let (bind, bound) = mpsc::channel();
        let older = thread::spawn(move || {
            drop(Hub::current());
            bind.send(()).unwrap();
            let end = Instant::now() + Duration::from_secs(10);
            while Hub::main().client().is_none() && Instant::now() < end {
                thread::yield_now();
            }
            tags_of(routes().layer(RootSpanLayer::new()))
        });
        bound.recv().unwrap();
        let sdk = Sdk::sampling_all();
        Hub::main().bind_client(Some(sdk.client().clone()));
        let tags = older.join().unwrap();
        let transaction = sdk.transaction();
        tags.assert_same_span(&transaction);
        assert!(transaction["contexts"]["trace"]["parent_span_id"].is_null());
        tags.assert_same_span(&sdk.event());
    });
}
