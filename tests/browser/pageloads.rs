//! Pages of every kind that tell their route: the server of the tests in `pageloads.test.mjs`.
//!
//! `SENTRY_BROWSER_SDK` is where the pages load the SDK's script from.

use std::convert::Infallible;
use std::env;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use axum::http::{HeaderName, StatusCode};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use futures_util::StreamExt as _;
use sentry_ssr::{PageloadScript, RootSpan, RootSpanLayer};

const LINKS: [&str; 4] = ["/linked/1", "/linked/2", "/linked/3", "/linked/4"];

const FRESH: [(HeaderName, &str); 1] = [(CACHE_CONTROL, "max-age=60")];
const ASKED: [(HeaderName, &str); 2] = [(CACHE_CONTROL, "no-cache"), (ETAG, "\"v1\"")];

/// A page with these tags; without any, they are inserted.
fn page(tags: &impl ToString) -> String {
    let var = |name| env::var(name).unwrap_or_default();
    let (tags, sdk, dsn) = (
        tags.to_string(),
        var("SENTRY_BROWSER_SDK"),
        var("SENTRY_DSN"),
    );
    let script = PageloadScript::new();
    format!(
        r#"<!doctype html><html lang="en"><head><meta charset="utf-8">{tags}<title>A page</title>
<link rel="icon" href="data:,"><script src="{sdk}"></script><script>
Sentry.init({{
  dsn: "{dsn}",
  integrations: [Sentry.browserTracingIntegration({{ instrumentPageLoad: false }})],
  tracesSampleRate: 1,
}});
</script>{script}</head><body><h1>A page</h1><a href="/plain/1">next</a></body></html>"#
    )
}

async fn templated(span: RootSpan) -> Html<String> {
    Html(page(&span.meta_tags()))
}

/// A page whose pageload the SDK starts by itself.
async fn started(span: RootSpan) -> Html<String> {
    Html(page(&span.meta_tags()).replace("instrumentPageLoad: false", ""))
}

async fn alone() -> Html<String> {
    Html(page(&sentry_ssr::route_tag()))
}

async fn named(span: RootSpan, Path(name): Path<String>) -> Html<String> {
    span.set_name(&name);
    Html(page(&span.meta_tags()))
}

async fn injected() -> Html<String> {
    Html(page(&""))
}

async fn streamed() -> impl IntoResponse {
    let chunks: Vec<_> = page(&"")
        .into_bytes()
        .chunks(40)
        .map(<[u8]>::to_vec)
        .collect();
    let stream = futures_util::stream::iter(chunks).then(async |chunk| {
        tokio::time::sleep(Duration::from_millis(2)).await;
        Ok::<_, Infallible>(chunk)
    });
    (
        [(CONTENT_TYPE, "text/html; charset=utf-8")],
        Body::from_stream(stream),
    )
}

/// A page that prerenders its links.
async fn links(span: RootSpan) -> Html<String> {
    let rules = format!(r#"{{"prerender":[{{"urls":{LINKS:?},"eagerness":"immediate"}}]}}"#);
    let rules = format!(r#"<script type="speculationrules">{rules}</script></body>"#);
    Html(page(&span.meta_tags()).replace("</body>", &rules))
}

async fn unmatched() -> impl IntoResponse {
    (StatusCode::NOT_FOUND, Html(page(&sentry_ssr::meta_tags())))
}

fn app() -> Router {
    let layer = RootSpanLayer::new().route_name(true);
    let own = Router::new()
        .route("/links", get(links))
        .route("/linked/{id}", get(templated))
        .route("/templated/{id}", get(templated))
        .route("/started/{id}", get(started))
        .route("/alone/{id}", get(alone))
        .route("/bare/{id}", get(async || Html(page(&""))))
        .route("/named/{name}", get(named))
        .route(
            "/templated/fresh/{id}",
            get(async |span| (FRESH, templated(span).await)),
        )
        .route(
            "/templated/asked/{id}",
            get(async |span| (ASKED, templated(span).await)),
        )
        .fallback(unmatched)
        .layer(layer.clone());
    let inserted = Router::new()
        .route("/injected/{id}", get(injected))
        .route("/streamed/{id}", get(streamed))
        .route(
            "/injected/fresh/{id}",
            get(async || (FRESH, injected().await)),
        )
        .route(
            "/injected/asked/{id}",
            get(async || (ASKED, injected().await)),
        )
        .route(
            "/streamed/fresh/{id}",
            get(async || (FRESH, streamed().await)),
        )
        .route(
            "/streamed/asked/{id}",
            get(async || (ASKED, streamed().await)),
        )
        .layer(layer.inject_tags(true));
    own.merge(inserted)
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let options = sentry::ClientOptions::new().traces_sample_rate(1.0);
    let _sentry = sentry::init(sentry_ssr::instrument(options));
    let bind = env::var("BIND").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let listener = tokio::net::TcpListener::bind(bind).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app())
        .with_graceful_shutdown(async { drop(tokio::signal::ctrl_c().await) })
        .await
}
