//! What is inserted into a page, and under which conditions.

use bytes::Bytes;
use http::HeaderMap;

use super::csp::{InlineScript, MAX_NONCE_LEN};
use super::encoding::Encoding;
use super::head::stays_in_head;
use super::prescan::{Declaration, PRESCAN_BYTES, prescan};
use crate::render::StaleGuard;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Markup for a page's head.
///
/// 1. The guard is left out where a policy of the page blocks it or reports it.
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
    /// More of the page decides.
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

    /// Exactly these bytes, wherever there is a place for them.
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

    /// Whether a response becomes private where something was inserted.
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

    /// Where so many bytes fit, whose place is this offset, in a page that begins with these bytes. `is_end` says
    /// that the page has no more.
    pub(super) fn fit(&self, len: usize, place: usize, beginning: &[u8], is_end: bool) -> Fit {
        if self.has_encoding || beginning.starts_with(BYTE_ORDER_MARK) {
            return Fit::At(place);
        }
        match prescan(beginning) {
            Declaration::Found(Encoding::Stateful, _) => Fit::Nowhere,
            Declaration::Found(_, end) if end > place && end + len > PRESCAN_BYTES => {
                let between = beginning.get(place..end).unwrap_or_default();
                if stays_in_head(between) {
                    Fit::At(end)
                } else {
                    Fit::Nowhere
                }
            }
            Declaration::Missing if !is_end && beginning.len() < PRESCAN_BYTES => Fit::Unknown,
            Declaration::Found(..) | Declaration::Missing => Fit::At(place),
        }
    }
}
