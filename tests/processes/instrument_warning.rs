//! The warning about a client that is not instrumented, which is logged once a process.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use sentry::{Client, ClientOptions, Hub, SentryFutureExt};
use sentry_ssr::{RootSpanLayer, instrument};
use tokio::runtime;

use crate::child::in_own_process;
use crate::support::log::Log;
use crate::support::request::{self, send};

async fn request_with(options: ClientOptions) {
    let client = Client::from(options.dsn("http://public@127.0.0.1:9/1"));
    let hub = Arc::new(Hub::new(Some(Arc::new(client)), Arc::default()));
    let app = Router::new()
        .route("/", get(async || "hello"))
        .layer(RootSpanLayer::new());
    send(app, request::get("/")).bind_hub(hub).await;
}

fn options() -> ClientOptions {
    ClientOptions::new().transport(sentry::test::TestTransport::new())
}

#[test]
fn a_client_that_is_not_instrumented_is_warned_about_once() {
    in_own_process(|| {
        let (log, _guard) = Log::start();
        let runtime = runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            request_with(options()).await;
            request_with(options().traces_sample_rate(1.0)).await;
            request_with(instrument(options().traces_sample_rate(0.5))).await;
            assert!(
                log.warnings().is_empty(),
                "without a rate below 1, or instrumented"
            );

            request_with(options().traces_sample_rate(0.5)).await;
            let warnings = log.warnings();
            assert_eq!(warnings.len(), 1, "{warnings:?}");
            assert!(warnings[0].contains("sentry_ssr::instrument"));

            request_with(options().traces_sampler(|_| 1.0)).await;
            request_with(options().traces_sample_rate(0.5)).await;
            assert_eq!(log.warnings(), warnings, "once");
        });
    });
}
