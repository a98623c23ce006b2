use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{StatusCode, response};

use crate::inject::Syntax;

/// The grammar of a page; `None` for a response that is no page.
pub(super) fn syntax(head: &response::Parts) -> Option<Syntax> {
    let kind = head.headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = kind.split(';').next()?.trim();
    if essence.eq_ignore_ascii_case("text/html") {
        Some(Syntax::Html)
    } else if essence.eq_ignore_ascii_case("application/xhtml+xml") {
        Some(Syntax::Xml)
    } else {
        None
    }
}

/// Whether the response's status lets a body follow.
pub(super) fn has_body(status: StatusCode) -> bool {
    !status.is_informational()
        && !matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
}

/// Whether the body is the page's own bytes, all of them.
pub(super) fn is_plain(head: &response::Parts) -> bool {
    let mut encodings = head.headers.get_all(CONTENT_ENCODING).iter();
    head.status != StatusCode::PARTIAL_CONTENT
        && encodings.all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
}
