//! Where the trace of a page goes.

use super::options::CachePolicy;
use super::presence::Presence;
use crate::layer::cache::Reuse;

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
pub(super) struct Circumstances {
    pub(super) policy: CachePolicy,
    pub(super) reuse: Reuse,
    pub(super) presence: Presence,
    /// The tags are inserted, or may be rendered while the page is sent.
    pub(super) gets_tags: bool,
    /// Tags can be removed from the page.
    pub(super) is_editable: bool,
}

impl TracePlacement {
    pub(super) const fn of(page: Circumstances) -> Self {
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
