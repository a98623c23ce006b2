//! The extractor without the layer.

use std::thread;

use axum::Router;
use axum::routing::get;
use sentry::Hub;
use sentry_ssr::RootSpan;
use tokio::sync::mpsc;

use super::adoption::{active_span, visit_with};
use crate::support::sdk::Sdk;

#[tokio::test]
async fn the_extractor_alone_starts_a_transaction_and_touches_no_hub_but_its_own() {
    async fn alone(span: RootSpan) -> String {
        assert_eq!(active_span(&Hub::current()), None);
        assert_eq!(RootSpan::current().map(|span| span.span_id()), None);
        span.meta_tags().to_string()
    }
    let sdk = Sdk::sampling_all();
    let app = Router::new().route("/users/{id}", get(alone));
    let tags = visit_with(&sdk, app, &[]).await;
    let transaction = sdk.transaction();
    tags.assert_same_span(&transaction);
    assert_eq!(transaction["transaction"], "GET /users/{id}");
    assert_eq!(transaction["request"]["method"], "GET");
    assert_eq!(active_span(sdk.hub()), None);
}

#[tokio::test]
async fn the_extractor_alone_ends_the_transaction_with_the_last_handle() {
    let (keep, mut kept) = mpsc::unbounded_channel();
    let keep_span = get(async move |span: RootSpan| {
        let tags = span.meta_tags().to_string();
        keep.send(span).unwrap();
        tags
    });
    let sdk = Sdk::sampling_all();
    let app = Router::new().route("/users/{id}", keep_span);
    let tags = visit_with(&sdk, app, &[]).await;
    let span = kept.recv().await.unwrap();
    assert_eq!(sdk.transactions().len(), 0);
    // A thread that knows nothing of the request.
    thread::spawn(move || drop(span)).join().unwrap();
    tags.assert_same_span(&sdk.transaction());
}
