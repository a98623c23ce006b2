//! What is inserted into a page, and the rule of the first 1024 bytes: no charset declaration is moved out of them.

use bytes::Bytes;
use http::HeaderMap;

use super::attributes::{Attributes, is_space};
use super::csp::{InlineScript, MAX_NONCE_LEN};
use super::encoding::{Declaration, Encoding, PRESCAN_BYTES, prescan};
use super::tokenizer::BYTE_ORDER_MARK;
use crate::render::StaleGuard;

/// Markup for a page's head.
///
/// 1. The guard is left out if a policy of the page blocks it or reports it.
/// 2. Nothing is inserted into a page that declares an encoding in which a byte of markup may be half a
///    character.
/// 3. The browser looks for a charset declaration in the first 1024 bytes ([`PRESCAN_BYTES`]). Markup that would move
///    the declaration out of them is inserted after it, or not at all if an element between them opens the body.
#[derive(Debug)]
pub(in crate::layer) struct Insertion {
    tags: Bytes,
    guard: Option<StaleGuard>,
    scripts: InlineScript,
    /// The browser knows the encoding before it reads the page.
    has_encoding: bool,
    is_private: bool,
}

/// Where the markup fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// At this offset.
    At(usize),
    Nowhere,
    /// More of the page has to be read.
    Unknown,
}

impl Insertion {
    pub(super) fn new(tags: Bytes, guard: Option<StaleGuard>, headers: &HeaderMap) -> Self {
        Self {
            tags,
            scripts: match guard {
                Some(_) => InlineScript::of_headers(headers),
                None => InlineScript::Allowed,
            },
            guard,
            has_encoding: false,
            is_private: false,
        }
    }

    /// Exactly these bytes, in every page that has a place for them.
    pub(in crate::layer) fn of_tags(tags: Bytes) -> Self {
        let insertion = Self::new(tags, None, &HeaderMap::new());
        insertion.in_encoding(Some(Encoding::Superset))
    }

    /// The encoding that the head of the response names.
    pub(super) fn in_encoding(self, encoding: Option<Encoding>) -> Self {
        Self {
            has_encoding: encoding.is_some(),
            ..self
        }
    }

    pub(super) fn making_private(self, is_private: bool) -> Self {
        Self { is_private, ..self }
    }

    /// Whether a response becomes private if something was inserted.
    pub(in crate::layer) const fn is_private(&self) -> bool {
        self.is_private
    }

    /// The most bytes that are inserted.
    pub(super) fn max_len(&self) -> usize {
        let nonce = r#" nonce="""#.len() + MAX_NONCE_LEN;
        let guard = self.guard.as_ref();
        self.tags.len() + guard.map_or(0, |guard| guard.to_string().len() + nonce)
    }

    /// Whether the bytes of the page itself decide what is inserted.
    pub(super) const fn depends_on_page(&self) -> bool {
        !self.has_encoding || self.guard.is_some()
    }

    /// The markup for the place at the end of these bytes.
    pub(super) fn markup(&self, before: &[u8]) -> Bytes {
        match self.allowed_guard(before) {
            Some(guard) => [&*self.tags, guard.to_string().as_bytes()].concat().into(),
            None => self.tags.clone(),
        }
    }

    fn allowed_guard(&self, before: &[u8]) -> Option<StaleGuard> {
        let guard = self.guard.clone()?;
        match self.scripts.clone().and_page(before) {
            InlineScript::Allowed => Some(guard),
            InlineScript::WithNonce(nonces) => Some(guard.nonce(nonces.into_iter().next()?)),
            InlineScript::Blocked => None,
        }
    }

    /// Where the markup for `place` fits, in a page that starts with `beginning`. `is_end` says that the page has no
    /// more bytes.
    pub(super) fn fit(&self, place: usize, beginning: &[u8], is_end: bool) -> Fit {
        if self.has_encoding || beginning.starts_with(&BYTE_ORDER_MARK) {
            return Fit::At(place);
        }
        match prescan(beginning, is_end) {
            Declaration::Found(Encoding::Stateful, _) => Fit::Nowhere,
            Declaration::Found(_, end) if end > place => self.fit_declared(place, end, beginning),
            Declaration::Unknown => Fit::Unknown,
            Declaration::Found(..) | Declaration::Missing => Fit::At(place),
        }
    }

    /// Where the markup for `place` fits in a page whose declaration follows and ends at `end`.
    fn fit_declared(&self, place: usize, end: usize, beginning: &[u8]) -> Fit {
        let before = beginning.get(..place).unwrap_or_default();
        if end + self.markup(before).len() <= PRESCAN_BYTES {
            return Fit::At(place);
        }
        let between = beginning.get(place..end).unwrap_or_default();
        if stays_in_head(between) {
            Fit::At(end)
        } else {
            Fit::Nowhere
        }
    }
}

/// Whether a browser that reads these bytes in a head stays in it: white space, comments, and elements that have
/// no children and run nothing.
fn stays_in_head(bytes: &[u8]) -> bool {
    let mut rest = bytes.trim_ascii_start();
    while !rest.is_empty() {
        match after_comment(rest).or_else(|| after_element(rest)) {
            Some(after) => rest = after.trim_ascii_start(),
            None => return false,
        }
    }
    true
}

/// What follows a comment that all browsers read alike.
fn after_comment(bytes: &[u8]) -> Option<&[u8]> {
    let comment = bytes.strip_prefix(b"<!--")?;
    let end = memchr::memmem::find(comment, b"-->")?;
    let text = comment.get(..end)?;
    let ends_early = text.starts_with(b">")
        || text.starts_with(b"->")
        || memchr::memmem::find(text, b"--!>").is_some();
    comment.get(end + 3..).filter(|_| !ends_early)
}

/// What follows a `<meta>`, `<link>`, `<base>` or `<title>` element.
fn after_element(bytes: &[u8]) -> Option<&[u8]> {
    let (name, after) = tag(bytes.strip_prefix(b"<")?)?;
    let is = |names: &[&str]| {
        names
            .iter()
            .any(|it| name.eq_ignore_ascii_case(it.as_bytes()))
    };
    if is(&["meta", "link", "base"]) {
        return Some(after);
    }
    if is(&["title"]) {
        return after_title(after);
    }
    None
}

/// What follows the end tag of a title whose start tag was read.
fn after_title(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        let end = memchr::memmem::find(text, b"</")?;
        text = text.get(end + 2..)?;
        match tag(text) {
            Some((name, after)) if name.eq_ignore_ascii_case(b"title") => return Some(after),
            _ => {}
        }
    }
}

/// The name of a tag, and what follows the tag.
fn tag(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let ends_name = |byte: &u8| is_space(*byte) || matches!(byte, b'/' | b'>');
    let end = bytes.iter().position(ends_name)?;
    let (name, tail) = bytes.split_at(end);
    let mut attributes = Attributes::new(tail);
    attributes.by_ref().for_each(drop);
    let after = attributes.rest().get(1..)?;
    (!attributes.is_cut).then_some((name, after))
}
