//! Where the trace of a page goes.

use super::options::CachePolicy;
use super::page::Page;
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
