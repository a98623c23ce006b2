//! The feature `axum`: extractor, name of the route, tags that the layer inserts.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::response::Html;
use axum::routing::get;
use sentry_ssr::{RootSpan, RootSpanLayer, TraceOptions};
use tower_service::Service;

async fn printed(span: RootSpan) -> Html<String> {
    Html(format!("<head>{}</head>", span.meta_tags()))
}

async fn inserted() -> Html<&'static str> {
    Html("<html><head></head></html>")
}

async fn visit(path: &str) -> String {
    let options = TraceOptions::new().traces_sample_rate(1.0).unwrap();
    let mut app: Router = Router::new()
        .route("/printed/{id}", get(printed))
        .route("/inserted/{id}", get(inserted))
        .layer(RootSpanLayer::new().options(options).inject_tags(true));
    let request = Request::get(path).body(Body::empty()).unwrap();
    let body = app.call(request).await.unwrap().into_body();
    String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().into()).unwrap()
}

fn main() {
    for path in ["printed", "inserted"] {
        let page = pollster::block_on(visit(&format!("/{path}/7")));
        assert_eq!(
            page.matches(r#"<meta name="sentry-trace""#).count(),
            1,
            "{page}"
        );
        let name = format!("sentry-transaction=GET%20%2F{path}%2F%7Bid%7D");
        assert!(page.contains(&name), "{page}");
    }
}
