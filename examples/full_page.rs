//! Both halves of a traced site in one file: `cargo run --example full_page`.
//!
//! The server prints the tags, the page starts the browser SDK, and pages of other origins may fetch
//! `/stock` within their own trace. `SENTRY_DSN` is where server and browser report to,
//! `SENTRY_BROWSER_SDK` the address of a script that defines the global `Sentry`, `BIND` the address to
//! listen on.

use std::env;

use askama::Template;
use askama_web::WebTemplate;
use axum::{Json, Router, extract::Path, routing::get};
use sentry_ssr::{PROPAGATION_HEADERS, RootSpanLayer};
use tower_http::cors::{Any, CorsLayer};

#[derive(Template, WebTemplate)]
#[template(
    ext = "html",
    source = r#"<!doctype html>
<html lang="en"><head>
<meta charset="utf-8">
{{ sentry_ssr::meta_tags() }}
<title>{{ title }}</title>
<script src="{{ crate::var("SENTRY_BROWSER_SDK") }}"></script>
<script data-dsn="{{ crate::var("SENTRY_DSN") }}">
const { dsn } = document.currentScript.dataset;
Sentry.init({ dsn, integrations: [Sentry.browserTracingIntegration()], tracesSampleRate: 1 });
</script>
</head><body><h1>{{ title }}</h1></body></html>"#
)]
struct Page {
    title: String,
}

async fn shop() -> Page {
    let title = "Shop".to_owned();
    Page { title }
}

async fn item(Path(id): Path<u32>) -> Page {
    let title = format!("Item {id}");
    Page { title }
}

async fn stock() -> Json<u32> {
    Json(7)
}

fn var(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let options = sentry::ClientOptions::new().traces_sample_rate(1.0);
    let _sentry = sentry::init(sentry_ssr::instrument(options));
    let cors = CorsLayer::new().allow_origin(Any);
    let stock = get(stock).layer(cors.allow_headers(PROPAGATION_HEADERS));
    let app = Router::new()
        .route("/", get(shop))
        .route("/items/{id}", get(item))
        .route("/stock", stock)
        .layer(RootSpanLayer::new());
    let bind = env::var("BIND").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let listener = tokio::net::TcpListener::bind(bind).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app)
        .with_graceful_shutdown(async { drop(tokio::signal::ctrl_c().await) })
        .await
}
