use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::{request, response};

/// What happens to the trace of a page that a cache may reuse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CachePolicy {
    /// The page is sent without its trace. A page that is revalidated each time has the trace in
    /// `Server-Timing`; one that can be replayed has none. A trace that cannot be removed, because it is not in the
    /// form of [`MetaTags`](crate::MetaTags), makes the page unstorable. A page with a trace that says nothing to
    /// caches is sent as `private`.
    #[default]
    Untraced,
    /// The page keeps its trace, and no cache may store it: it is sent with `no-store` and without
    /// validators, also where it is still being written and may yet render its tags. A page that no cache reuses
    /// is sent as `private`, so Back and Forward may show it again.
    Unstorable,
    /// Nothing changes. Page loads from a cache join the trace of the first visitor.
    Keep,
}

/// The pages that tags are inserted into.
#[derive(Clone, Default)]
pub(crate) enum Injection {
    #[default]
    Off,
    On,
    When(Arc<Predicate>),
}

pub(crate) type Predicate = dyn Fn(&request::Parts, &response::Parts) -> bool + Send + Sync;

/// How a layer changes pages.
#[derive(Clone, Debug, Default)]
pub(crate) struct RewriteOptions {
    pub(crate) injection: Injection,
    pub(crate) server_timing: bool,
    pub(crate) route_name: bool,
    pub(crate) cache_policy: CachePolicy,
    pub(crate) stale_after: Option<Duration>,
    /// A proxy has started the trace and sent it to the browser, so no response is changed.
    pub(crate) behind_edge: bool,
    pub(super) warning: Arc<UntracedWarning>,
}

// A predicate that panics leaves none of our state half-changed.
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

/// Reports pages that are sent without their trace: the first one of a layer as a warning, the others at the
/// level `DEBUG`. It remembers no route and no path, so it does not grow with the requests.
#[derive(Debug, Default)]
pub(crate) struct UntracedWarning {
    is_given: AtomicBool,
}

impl UntracedWarning {
    pub(super) fn give(&self, route: Option<&str>, reason: &impl fmt::Display) {
        let route = route.unwrap_or("no route");
        if self.is_given.swap(true, Ordering::Relaxed) {
            tracing::debug!(route, %reason, "page sent without its trace: a cache may reuse it");
        } else {
            tracing::warn!(
                route,
                %reason,
                "page sent without its trace: a cache may reuse it; send `Cache-Control: no-store`, or set \
                 `RootSpanLayer::cache_policy`, to keep the trace (later pages are reported at DEBUG)"
            );
        }
    }
}
