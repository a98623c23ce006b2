//! A whole response through the layer: headers, one a line, an empty line, then the page in pieces.
//!
//! The first two bytes of an input are the lengths of its chunks, in turn.
#![no_main]

#[expect(dead_code, reason = "frames of other kinds")]
#[path = "../../tests/it/rewrite/frames.rs"]
mod frames;
#[path = "../input.rs"]
mod input;

use std::convert::Infallible;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use frames::{Frames, bytes, collect};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Request, Response};
use input::{cut, header};
use libfuzzer_sys::fuzz_target;
use sentry_ssr::RootSpanLayer;
use tower::{Layer, Service};

fuzz_target!(|input: &[u8]| {
    let [first, second, response @ ..] = input else {
        return;
    };
    let (headers, page) = split(response);
    let whole = inserted(&headers, page, [usize::MAX; 2]);
    let lengths = [usize::from(*first % 128), usize::from(*second)];
    let in_pieces = inserted(&headers, page, lengths);
    assert_eq!(in_pieces, whole, "by any cutting");
});

fn split(response: &[u8]) -> (HeaderMap, &[u8]) {
    let mut headers = HeaderMap::new();
    let mut rest = response;
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let line;
        (line, rest) = (&rest[..end], &rest[end + 1..]);
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = header(line) {
            headers.append(name, value);
        }
    }
    let html = HeaderValue::from_static("text/html");
    headers.entry(CONTENT_TYPE).or_insert(html);
    headers.remove(CONTENT_LENGTH);
    (headers, rest)
}

/// Where something was inserted, and how long it is. Its ids differ from one request to the next.
fn inserted(headers: &HeaderMap, page: &[u8], lengths: [usize; 2]) -> Option<(usize, usize)> {
    let sent = send(headers, page, lengths);
    if sent == page {
        return None;
    }
    let added = sent.len().checked_sub(page.len()).expect("nothing is lost");
    let start = b"<meta name=\"sentry-trace\"";
    let is_place = |at: &usize| {
        sent[*at..].starts_with(start)
            && sent[..*at] == page[..*at]
            && sent[*at + added..] == page[*at..]
    };
    let place = (0..=page.len()).find(is_place);
    Some((place.expect("tags in one piece"), added))
}

fn send(headers: &HeaderMap, page: &[u8], lengths: [usize; 2]) -> Vec<u8> {
    let mut response = Response::new(Frames::of(cut(page, lengths)));
    response.headers_mut().clone_from(headers);
    let mut response = Some(response);
    let page = tower::service_fn(move |_: Request<()>| {
        std::future::ready(Ok::<_, Infallible>(response.take().expect("one request")))
    });
    let layer = RootSpanLayer::new()
        .inject_tags(true)
        .server_timing(true)
        .stale_guard(Duration::from_secs(60));
    let answer = pin!(layer.layer(page).call(Request::new(())));
    match answer.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(response)) => bytes(&collect(response.into_body())),
        Poll::Pending => panic!("a response that is ready is sent at once"),
    }
}
