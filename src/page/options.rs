use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;
use std::time::Duration;

use http::{request, response};

use super::notice::Notice;

/// What becomes of the trace of a page that a cache may hand out again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReusePolicy {
    /// The page goes out without its trace: one that is revalidated each time tells it in
    /// `Server-Timing`, one that can be replayed not at all.
    #[default]
    Untraced,
    /// The page keeps its trace, and no cache may keep the page: `no-store`, without validators. A page
    /// that no cache reuses stays as it is, so Back and Forward may show it again.
    Unstorable,
    /// Everything stays as it is. Page loads from a cache join the trace of whoever came first.
    Keep,
}

/// Which pages get tags put in.
#[derive(Clone, Default)]
pub(crate) enum Injection {
    #[default]
    Off,
    On,
    When(Arc<Predicate>),
}

pub(crate) type Predicate = dyn Fn(&request::Parts, &response::Parts) -> bool + Send + Sync;

/// How a layer treats pages.
#[derive(Clone, Debug, Default)]
pub(crate) struct PageOptions {
    pub(crate) injection: Injection,
    pub(crate) server_timing: bool,
    pub(crate) reuse: ReusePolicy,
    pub(crate) stale_after: Option<Duration>,
    pub(super) notice: Arc<Notice>,
}

// A predicate that panics leaves nothing of ours half done.
impl UnwindSafe for Injection {}
impl RefUnwindSafe for Injection {}

impl fmt::Debug for Injection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "Off",
            Self::On => "On",
            Self::When(_) => "When",
        })
    }
}
