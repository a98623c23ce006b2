//! Compression outside and inside of the layer.

use std::io;

use http::Method;
use tower_http::compression::CompressionLayer;

use super::{Answer, HTML, ask, foreign, injecting, request};

const LARGE: &str = concat!(
    "<!doctype html><html><head><meta charset=utf-8><title>t</title></head><body>",
    "a page that is long enough to be compressed, a page that is long enough to be compressed",
);

#[tokio::test]
async fn outside_of_the_layer_it_compresses_the_traced_page() {
    let app = foreign(200, &[HTML], LARGE)
        .layer(injecting())
        .layer(CompressionLayer::new());
    let answer = ask(&app, request(Method::GET)).await;
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    assert_eq!(answer.length(), None);
    let mut page = String::new();
    let mut decoder = flate2::read::GzDecoder::new(&answer.body[..]);
    io::Read::read_to_string(&mut decoder, &mut page).unwrap();
    let page = Answer {
        body: page.into(),
        ..answer
    };
    let (before, after) = page.around_tags().unwrap();
    assert_eq!(format!("{before}{after}"), LARGE);
}

#[tokio::test]
async fn inside_of_the_layer_it_keeps_the_tags_out() {
    let app = foreign(200, &[HTML], LARGE)
        .layer(CompressionLayer::new())
        .layer(injecting());
    let answer = ask(&app, request(Method::GET)).await;
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    let mut page = String::new();
    let mut decoder = flate2::read::GzDecoder::new(&answer.body[..]);
    io::Read::read_to_string(&mut decoder, &mut page).unwrap();
    assert_eq!(page, LARGE);
}
