//! Pages that are written while they are sent: their head is out before their tags are.

use std::convert::Infallible;
use std::io::Read;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::AppendHeaders;
use axum::routing::get;
use flate2::read::GzDecoder;
use futures_util::stream;
use http::Method;
use sentry_ssr::{CachePolicy, RootSpanLayer};
use tower_http::compression::CompressionLayer;

use super::site::*;

const REUSABLE: &[&[Line]] = &[
    &[HTML, FRESH],
    &[HTML, ETAG],
    &[HTML, ("surrogate-control", "max-age=60")],
];

fn bare() -> String {
    format!("{BEFORE}{AFTER}")
}

#[tokio::test]
async fn tags_render_nothing_after_a_head_that_lets_caches_keep_the_page() {
    for lines in REUSABLE {
        for layer in [RootSpanLayer::new(), RootSpanLayer::new().inject_tags(true)] {
            let answer = get_from(streamed(lines, nothing, tags), layer).await;
            assert_eq!(answer.text(), bare(), "{lines:?}");
        }
    }
}

#[tokio::test]
async fn so_do_tags_in_the_first_piece_though_the_layer_looks_at_it() {
    let page = || async {
        let whole = async {
            let tags = sentry_ssr::meta_tags();
            Ok::<_, Infallible>(Bytes::from(format!("{BEFORE}{tags}{AFTER}")))
        };
        (
            AppendHeaders([HTML, ETAG]),
            Body::from_stream(stream::once(whole)),
        )
    };
    let app = Router::new().route("/pages/{id}", get(page));
    let layer = RootSpanLayer::new().stale_guard(Duration::from_secs(60));
    let answer = get_from(app, layer).await;
    assert_eq!(answer.tags(), 0);
    assert!(answer.has_trace_in_headers() && answer.text().contains("<script>"));
    assert!(!answer.cache_control().contains("no-store"));
}

#[tokio::test]
async fn so_do_tags_in_another_form() {
    let answer = get_from(
        streamed(&[HTML, FRESH], nothing, |span| tags(span).replace('"', "")),
        RootSpanLayer::new(),
    );
    assert_eq!(answer.await.text(), bare());
    let of_the_task = |_: &_| sentry_ssr::meta_tags().to_string();
    let answer = get_from(
        streamed(&[HTML, FRESH], nothing, of_the_task),
        RootSpanLayer::new(),
    )
    .await;
    assert_eq!(answer.text(), bare());
}

#[tokio::test]
async fn a_page_that_is_its_visitors_alone_keeps_them() {
    let answer = get_from(streamed(&[HTML], nothing, tags), RootSpanLayer::new()).await;
    assert_eq!(answer.tags(), 1);
    assert!(answer.is_private());
    let layer = RootSpanLayer::new().cache_policy(CachePolicy::Keep);
    let answer = get_from(streamed(&[HTML, FRESH], nothing, tags), layer).await;
    assert_eq!(answer.tags(), 1);
    assert_eq!(answer.cache_control(), "max-age=60");
}

#[tokio::test]
async fn made_unstorable_a_page_keeps_them() {
    for lines in REUSABLE {
        let layer = RootSpanLayer::new().cache_policy(CachePolicy::Unstorable);
        let answer = get_from(streamed(lines, nothing, tags), layer).await;
        assert_eq!(answer.tags(), 1, "{lines:?}");
        assert!(answer.is_unstorable(), "{lines:?}");
    }
}

async fn compressed(layer: RootSpanLayer) -> (Answer, String) {
    let app = streamed(&[HTML, FRESH, ETAG], nothing, tags)
        .layer(CompressionLayer::new())
        .layer(layer);
    let answer = ask(
        &app,
        request()
            .method(Method::GET)
            .header("accept-encoding", "gzip"),
    )
    .await;
    assert_eq!(answer.header("content-encoding").unwrap(), "gzip");
    let mut page = String::new();
    GzDecoder::new(&answer.body[..])
        .read_to_string(&mut page)
        .unwrap();
    (answer, page)
}

#[tokio::test]
async fn a_compressed_stream_inside_of_the_layer_is_treated_alike() {
    let (answer, page) = compressed(RootSpanLayer::new()).await;
    assert_eq!(page, bare());
    assert_eq!(answer.cache_control(), "max-age=60");
    let (answer, page) =
        compressed(RootSpanLayer::new().cache_policy(CachePolicy::Unstorable)).await;
    assert!(page.contains(TRACE_ID) && answer.is_unstorable());
}
