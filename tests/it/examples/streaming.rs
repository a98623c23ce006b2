//! The streamed page of the example, asked for in memory.

#[path = "../../../examples/streaming.rs"]
#[expect(dead_code, reason = "the test does not start the server")]
mod example;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use scraper::{Html, Selector};
use sentry_ssr::RootSpanLayer;
use tower::ServiceExt;

async fn pieces(layer: RootSpanLayer) -> Vec<String> {
    let request = Request::get("/").body(Body::empty()).unwrap();
    let app = example::app(layer).unwrap();
    let mut body = app.oneshot(request).await.unwrap().into_body();
    let mut pieces = Vec::new();
    while let Some(frame) = body.frame().await {
        let data = frame.unwrap().into_data().unwrap();
        pieces.push(String::from_utf8(data.to_vec()).unwrap());
    }
    pieces
}

#[tokio::test]
async fn the_page_is_traced_and_still_streamed() {
    let pieces = pieces(RootSpanLayer::new().inject_tags(true)).await;
    assert!(pieces.len() > 5, "{pieces:?}");
    let page = Html::parse_document(&pieces.concat());
    for name in ["sentry-trace", "baggage"] {
        let selector = format!("head > meta[name=viewport] ~ meta[name={name}]");
        let selector = Selector::parse(&selector).unwrap();
        assert_eq!(page.select(&selector).count(), 1, "{name}");
    }
}

#[tokio::test]
async fn without_the_tags_it_is_the_page_of_the_engine() {
    let plain = pieces(RootSpanLayer::new()).await.concat();
    let traced = pieces(RootSpanLayer::new().inject_tags(true))
        .await
        .concat();
    let (before, rest) = traced.split_once("<meta name=\"sentry-trace\"").unwrap();
    let (_, after) = rest.split_once("\n<title>").unwrap();
    assert_eq!(format!("{before}\n<title>{after}"), plain);
}
