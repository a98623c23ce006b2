//! The headers of a response whose bytes change.

use http::header::{ACCEPT_RANGES, CONTENT_LENGTH, ETAG};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// Whether a response with this status has a body ([RFC 9110]).
///
/// [RFC 9110]: https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1
pub(in crate::layer) fn has_body(status: StatusCode) -> bool {
    !status.is_informational()
        && !matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
}

/// The value of `Content-Length`, where it is a number.
pub(in crate::layer) fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Headers that describe the original bytes.
const OF_ORIGINAL_BYTES: [HeaderName; 5] = [
    ACCEPT_RANGES,
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("content-md5"),
    HeaderName::from_static("digest"),
    HeaderName::from_static("repr-digest"),
];

/// Corrects the headers of a page that grows by this many bytes; `None` where the number is not known yet.
pub(in crate::layer) fn correct(headers: &mut HeaderMap, growth: Option<i64>) {
    if growth == Some(0) {
        return;
    }
    let length = growth.and_then(|growth| content_length(headers)?.checked_add_signed(growth));
    match length {
        Some(length) => headers.insert(CONTENT_LENGTH, length.into()),
        None => headers.remove(CONTENT_LENGTH),
    };
    weaken_etag(headers);
    for name in &OF_ORIGINAL_BYTES {
        headers.remove(name);
    }
}

/// Makes the `ETag` of a `304` the one that the client knows: a weak one, where the bytes of the stored page
/// were changed.
pub(super) fn match_etag(headers: &mut HeaderMap, known: Option<&HeaderValue>) {
    let (Some(known), Some(etag)) = (known, headers.get(ETAG)) else {
        return;
    };
    let lists = |prefix: &[u8]| {
        let etag = [prefix, etag.as_bytes()].concat();
        etags(known.as_bytes()).any(|it| it == etag)
    };
    if lists(b"W/") && !lists(b"") {
        weaken_etag(headers);
    }
}

/// The entity tags of a list; commas may be part of them.
fn etags(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut is_quoted = false;
    let etags = list.split(move |byte| {
        is_quoted ^= *byte == b'"';
        *byte == b',' && !is_quoted
    });
    etags.map(<[u8]>::trim_ascii)
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
