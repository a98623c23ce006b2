//! The decision table: where the trace of a page goes, given the properties of its response and the form in which the
//! page already contains it.

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, TRAILER,
};
use http::{HeaderMap, HeaderName, StatusCode, response};
use memchr::memmem;

use super::CachePolicy;
use super::encoding::Encoding;
use crate::layer::cache::Reuse;
use crate::render::rendered_tags;
use crate::values::TraceValues;

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

/// What the placement depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlacementInput {
    pub(super) policy: CachePolicy,
    pub(super) reuse: Reuse,
    pub(super) presence: Presence,
    /// The tags are inserted, or may be rendered while the page is sent.
    pub(super) gets_tags: bool,
    /// Tags can be removed from the page.
    pub(super) is_editable: bool,
}

impl TracePlacement {
    pub(super) const fn of(page: PlacementInput) -> Self {
        let (is_traced, is_stuck) = match page.presence {
            Presence::Absent => (page.gets_tags, false),
            Presence::Tags => (true, !page.is_editable),
            Presence::Values => (true, true),
        };
        match (page.policy, page.reuse) {
            (CachePolicy::Keep, _) | (_, Reuse::Never) => Self::Page,
            (CachePolicy::Unstorable, _) if is_traced => Self::UnstorablePage,
            _ if is_stuck => Self::UnstorablePage,
            (_, Reuse::Revalidated) => Self::Header,
            (_, Reuse::Replayable) => Self::Nowhere,
        }
    }
}

/// What is known of a body before its head is sent.
#[derive(Debug, Default)]
pub(in crate::layer) struct Preview {
    pub(in crate::layer) bytes: Bytes,
    /// These are all its bytes.
    pub(in crate::layer) is_whole: bool,
}

impl Preview {
    pub(in crate::layer) fn empty() -> Self {
        Self {
            bytes: Bytes::new(),
            is_whole: true,
        }
    }
}

/// The form in which the trace is part of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Absent,
    /// The tags, exactly as they were rendered.
    Tags,
    /// Any other form, or one that cannot be seen.
    Values,
}

impl Presence {
    /// Searches the bytes if they are known, and otherwise relies on what was exposed.
    pub(super) fn of(values: &TraceValues, page: Page, preview: &Preview) -> Self {
        if preview.is_whole && page.is_readable {
            return Self::in_bytes(values, &preview.bytes);
        }
        match values.exposure() {
            exposure if exposure.has_values() || exposure.has_tags() => Self::Values,
            _ => Self::Absent,
        }
    }

    /// For a response to `HEAD`, whose body is not sent: as if the page contained all values that were read.
    pub(super) fn of_unsent(values: &TraceValues) -> Self {
        match values.exposure() {
            exposure if exposure.has_values() => Self::Values,
            exposure if exposure.has_tags() => Self::Tags,
            _ => Self::Absent,
        }
    }

    fn in_bytes(values: &TraceValues, bytes: &[u8]) -> Self {
        let id = values.sentry_trace().trace_id().to_string();
        let id = memmem::Finder::new(&id);
        if id.find(bytes).is_none() {
            return Self::Absent;
        }
        let tags = rendered_tags(values);
        let in_tags =
            memmem::find_iter(bytes, &tags).count() * id.find_iter(tags.as_bytes()).count();
        if id.find_iter(bytes).count() == in_tags {
            Self::Tags
        } else {
            Self::Values
        }
    }
}

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

/// An unknown disposition counts as `attachment`.
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
