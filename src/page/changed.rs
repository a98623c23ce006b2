//! What the head of a response says about bytes that have changed.

use http::header::{ACCEPT_RANGES, CONTENT_LENGTH, ETAG};
use http::{HeaderMap, HeaderName, HeaderValue};

/// Headers that hold only for the bytes as they were.
const OF_THE_BYTES: [HeaderName; 5] = [
    ACCEPT_RANGES,
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("content-md5"),
    HeaderName::from_static("digest"),
    HeaderName::from_static("repr-digest"),
];

/// Corrects the head of a page that has grown by so many bytes, or by nobody knows how many.
pub(super) fn announce(headers: &mut HeaderMap, growth: Option<i64>) {
    if growth == Some(0) {
        return;
    }
    let length = growth.and_then(|growth| length(headers)?.checked_add_signed(growth));
    match length {
        Some(length) => headers.insert(CONTENT_LENGTH, length.into()),
        None => headers.remove(CONTENT_LENGTH),
    };
    weaken_etag(headers);
    for name in &OF_THE_BYTES {
        headers.remove(name);
    }
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn weaken_etag(headers: &mut HeaderMap) {
    let Some(strong) = headers
        .get(ETAG)
        .filter(|etag| etag.as_bytes().starts_with(b"\""))
    else {
        return;
    };
    match HeaderValue::from_bytes(&[b"W/", strong.as_bytes()].concat()) {
        Ok(weak) => headers.insert(ETAG, weak),
        Err(_) => headers.remove(ETAG),
    };
}
