//! A service whose `traces_sampler` can override its callers' decisions: `cargo run --example sampler`.
//!
//! `/always` is always traced and `/never` never; all other pages keep the caller's decision. `SENTRY_DSN` is where
//! server and browser report to, `SENTRY_BROWSER_SDK` the address of a script that defines the global `Sentry`,
//! `BIND` the address to listen on.

use std::env;

use askama::Template;
use askama_web::WebTemplate;
use axum::{Router, routing::get};
use sentry_ssr::{RootSpanLayer, inherit_or_sample_with, instrument};

#[derive(Template, WebTemplate)]
#[template(
    ext = "html",
    source = r#"<!doctype html>
<html lang="en"><head>
<meta charset="utf-8">
{{ sentry_ssr::meta_tags() }}
<title>Sampled or not</title>
<script src="{{ crate::var("SENTRY_BROWSER_SDK") }}"></script>
<script data-dsn="{{ crate::var("SENTRY_DSN") }}">
const { dsn } = document.currentScript.dataset;
Sentry.init({ dsn, integrations: [Sentry.browserTracingIntegration()], tracesSampleRate: 1 });
</script>
</head><body><h1>Sampled or not</h1></body></html>"#
)]
struct Page;

fn var(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let options = sentry::ClientOptions::new().traces_sampler(|context| match context.name() {
        "GET /always" => 1.0,
        "GET /never" => 0.0,
        _ => inherit_or_sample_with(context, 0.5),
    });
    let _sentry = sentry::init(instrument(options));
    let app = Router::new()
        .route("/inherits", get(async || Page))
        .route("/always", get(async || Page))
        .route("/never", get(async || Page))
        .layer(RootSpanLayer::new());
    let bind = env::var("BIND").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let listener = tokio::net::TcpListener::bind(bind).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app)
        .with_graceful_shutdown(async { drop(tokio::signal::ctrl_c().await) })
        .await
}
