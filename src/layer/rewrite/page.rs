//! The properties of a page, and where its trace goes.

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, StatusCode, response};

use super::headers::has_body;
use super::options::CachePolicy;
use crate::layer::cache::Reuse;

/// A page, before it is decided what happens to it.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one property of the response"
)]
pub(super) struct Page {
    /// The tags were rendered.
    pub(super) has_tags: bool,
    /// The tags may yet be rendered, while the body is sent.
    pub(super) may_get_tags: bool,
    /// Markup can be inserted, and the tags were not rendered.
    pub(super) accepts_markup: bool,
    /// The options ask for the tags to be inserted.
    pub(super) wants_tags: bool,
    /// The bytes of the page can be read and changed.
    pub(super) is_plain: bool,
}

impl Page {
    /// The page in a response to a request with this `Accept`; `None` for a response that cannot contain the
    /// tags. `is_open` says whether the length of the body is unknown.
    pub(super) fn of(
        head: &response::Parts,
        has_rendered_tags: bool,
        accept: Option<&HeaderValue>,
        is_open: bool,
    ) -> Option<Self> {
        let has_body = has_body(head.status);
        let has_tags = has_body && has_rendered_tags;
        let is_html = has_body && is_html(head);
        let is_unchanged = head.status == StatusCode::NOT_MODIFIED && accepts_html(accept);
        if !has_tags && !is_unchanged && !is_html {
            return None;
        }
        let is_plain = is_plain(head);
        let is_written = !is_open || head.headers.contains_key(CONTENT_LENGTH);
        Some(Self {
            may_get_tags: !has_tags && !is_written && is_html,
            wants_tags: false,
            accepts_markup: is_html && is_plain && !has_tags,
            has_tags,
            is_plain,
        })
    }

    /// Whether the tags are part of the page, or will be.
    pub(super) const fn is_traced(self) -> bool {
        self.has_tags || self.wants_tags
    }
}

fn is_html(head: &response::Parts) -> bool {
    let content_type = head.headers.get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("text/html"))
}

fn accepts_html(accept: Option<&HeaderValue>) -> bool {
    let accept = accept.and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// Whether the body consists of the page's own bytes, and of all of them.
fn is_plain(head: &response::Parts) -> bool {
    let mut encodings = head.headers.get_all(CONTENT_ENCODING).iter();
    head.status != StatusCode::PARTIAL_CONTENT
        && encodings.all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// Where the trace of a page goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TracePlacement {
    Page,
    /// The page, which no cache may store.
    UnstorablePage,
    /// `Server-Timing`
    Header,
    Nowhere,
}

impl TracePlacement {
    pub(super) const fn of(page: Page, policy: CachePolicy, reuse: Reuse) -> Self {
        let is_stuck = page.has_tags && !page.is_plain;
        match (policy, reuse) {
            (CachePolicy::Keep, _) | (_, Reuse::Never) => Self::Page,
            (CachePolicy::Unstorable, _) if page.is_traced() => Self::UnstorablePage,
            _ if is_stuck => Self::UnstorablePage,
            (_, Reuse::Revalidated) => Self::Header,
            (_, Reuse::Replayable) => Self::Nowhere,
        }
    }
}
