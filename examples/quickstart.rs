//! The program of the README: `cargo run --example quickstart`.

use askama::Template;
use askama_web::WebTemplate;
use axum::{Router, routing::get};
use sentry_ssr::RootSpanLayer;

#[derive(Template, WebTemplate)]
#[template(
    ext = "html",
    source = r#"<!doctype html>
<html><head>
  <meta charset="utf-8">
  {{ sentry_ssr::meta_tags() }}
  <script src="/app.js"></script>
</head><body>Hello</body></html>"#
)]
struct Index;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let options = sentry::ClientOptions::new().traces_sample_rate(0.25);
    let _sentry = sentry::init(sentry_ssr::instrument(options));

    let app = Router::new()
        .route("/", get(async || Index))
        .layer(RootSpanLayer::new());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app).await
}
