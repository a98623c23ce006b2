//! The properties of a response that decide how it is rewritten.

use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, TRAILER,
};
use http::{HeaderMap, HeaderName, StatusCode, response};

use super::encoding::Encoding;

/// A response with a body, before it is decided what happens to its trace.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one property of the response"
)]
pub(super) struct Page {
    pub(super) is_html: bool,
    /// Its bytes can be searched for a trace.
    pub(super) is_readable: bool,
    /// Its bytes can be changed.
    pub(super) is_editable: bool,
    /// It may be written while it is sent.
    pub(super) is_open: bool,
    /// The encoding that its head names.
    pub(super) encoding: Option<Encoding>,
}

impl Page {
    /// The page in a response. `is_open` says whether the length of the body is unknown.
    pub(super) fn of(head: &response::Parts, is_open: bool) -> Self {
        let headers = &head.headers;
        let is_html = is_html(headers);
        let encoding = Encoding::of_header(headers);
        let is_readable = is_uncompressed(headers) && encoding != Some(Encoding::Utf16);
        Self {
            is_html,
            is_readable,
            is_editable: is_html
                && is_readable
                && encoding != Some(Encoding::Stateful)
                && head.status != StatusCode::PARTIAL_CONTENT
                && !is_protected(headers),
            is_open: is_open && !headers.contains_key(CONTENT_LENGTH),
            encoding,
        }
    }
}

fn is_html(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("text/html"))
}

fn is_uncompressed(headers: &HeaderMap) -> bool {
    let mut encodings = headers.get_all(CONTENT_ENCODING).iter();
    encodings.all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// Whether the body must not be modified: intermediaries may not transform it ([RFC 9111]), the client saves it
/// ([RFC 6266]), or verifies a signature ([RFC 9421]) or a digest in the trailers ([RFC 9530]).
///
/// [RFC 6266]: https://www.rfc-editor.org/rfc/rfc6266#section-4.2
/// [RFC 9111]: https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.6
/// [RFC 9421]: https://www.rfc-editor.org/rfc/rfc9421
/// [RFC 9530]: https://www.rfc-editor.org/rfc/rfc9530
fn is_protected(headers: &HeaderMap) -> bool {
    has_word(headers, &CACHE_CONTROL, "no-transform")
        || is_download(headers)
        || is_signed(headers)
        || has_word(headers, &TRAILER, "digest")
        || has_word(headers, &TRAILER, "content-digest")
        || has_word(headers, &TRAILER, "repr-digest")
}

/// Whether a comma-separated header contains this word.
fn has_word(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    let mut lines = headers.get_all(name).iter();
    lines.any(|line| {
        let mut words = line.as_bytes().split(|&byte| byte == b',');
        words.any(|it| it.trim_ascii().eq_ignore_ascii_case(word.as_bytes()))
    })
}

/// A disposition that is not known means what `attachment` does.
fn is_download(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_DISPOSITION).is_some_and(|value| {
        let kind = value.as_bytes().split(|&byte| byte == b';').next();
        !kind
            .unwrap_or_default()
            .trim_ascii()
            .eq_ignore_ascii_case(b"inline")
    })
}

/// Whether a signature covers a header that changes with the bytes.
fn is_signed(headers: &HeaderMap) -> bool {
    let covers = |name: &str| {
        headers.get(name).is_some_and(|value| {
            let value = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
            ["digest", "content-length", "etag"]
                .iter()
                .any(|it| value.contains(it))
        })
    };
    headers.contains_key("signature") && (covers("signature-input") || covers("signature"))
}
