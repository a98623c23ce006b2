//! How the layer changes a response: tags inserted, removed, or moved to a header.
//!
//! A page is a response of type `text/html`. Responses of other types are changed only if values of the trace
//! were read and may be part of them.
//!
//! 1. What a cache may do with the page decides first (the rules of `cache`). Under the default policy, a trace is
//!    part of a page only if the page is never reused. A page that is revalidated each time has its trace in
//!    `Server-Timing`, on the `200` and on the `304`. A page that can be replayed has none. Tags that were rendered
//!    into such a page are removed.
//! 2. A response with a trace belongs to one visitor, and is marked `private`.
//! 3. A body that is fully known before its head is sent is searched for the trace id. A trace in a form other than
//!    the tags cannot be removed, nor can tags in a body that must not or cannot be changed: the page
//!    becomes unstorable. So does a page that is not fully known, if tags were rendered or values were read before
//!    its head. Tags that are rendered after the head of a page that caches may store print nothing.
//! 4. Tags are inserted, if the options ask for it, unless the trace is part of the page already, or its bytes
//!    must not be changed: they are encoded (`Content-Encoding`), partial (`206`), signed, a download, or marked
//!    `no-transform`. The encoding of the page does not change, and has to be a superset of ASCII.
//! 5. A stale guard, if the options ask for one, follows inserted tags, and is inserted alone into a page without
//!    tags whose trace is in `Server-Timing`; in both cases unless a policy of the page blocks or reports it.
//! 6. If the bytes of a page change, the headers that describe them follow: `Content-Length` is corrected, or
//!    removed if the outcome is not known before the body; a strong `ETag` becomes weak, also that of a `304` to
//!    a client that knows the weak one; digests and `Accept-Ranges` are removed.
//! 7. A response to `HEAD` has the headers of the response to `GET`, as far as they are known.
//! 8. A response that an inner layer has rewritten is left as it is.
//! 9. The tag with the route, if the options ask for it, is the same for every visitor: it stays in a page that
//!    loses its trace, and is inserted into each page without it. A fragment that a script asks for gets no markup, and
//!    a page that a cache may store with inserted markup says so in `Vary`.

mod attributes;
mod body_rewrite;
mod csp;
mod edit;
mod encoding;
mod headers;
mod insertion;
mod placement;
mod plan;
mod rewriter;
mod scanner;
mod tokenizer;

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::{request, response};

pub(super) use self::body_rewrite::{BodyRewrite, Next};
pub(super) use self::edit::PlannedEdit;
pub use self::headers::prepend_server_timing;
pub(super) use self::headers::{content_length, correct};
pub(super) use self::insertion::Insertion;
pub(super) use self::placement::Preview;
pub(super) use self::plan::Plan;
pub(super) use self::rewriter::ResponseRewriter;
pub use self::scanner::{LOOK_BYTES, Scanner, Step};

/// What happens to the trace of a page that a cache may reuse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CachePolicy {
    /// The page is sent without its trace. A page that is revalidated each time has the trace in
    /// `Server-Timing`; one that can be replayed has none. A trace that cannot be removed, because it is not in the
    /// form of [`MetaTags`](crate::MetaTags), makes the page unstorable. A page with a trace but without
    /// cache headers is sent as `private`.
    #[default]
    Untraced,
    /// The page keeps its trace, and no cache may store it: it is sent with `no-store` and without
    /// validators, even if it is still being written and may yet render its tags. A page that no cache reuses
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
    warnings: Arc<LossWarnings>,
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

/// What a page has lost because a cache may reuse it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Loss {
    Trace,
    /// The trace cannot be removed, so no cache may store the page.
    Caching,
}

/// Logs what pages lose: the first page of a layer with each loss as a warning, the others at the level `DEBUG`. It
/// remembers no route and no path, so it does not grow with the requests.
#[derive(Debug, Default)]
pub(crate) struct LossWarnings {
    of_trace: AtomicBool,
    of_caching: AtomicBool,
}

impl LossWarnings {
    fn give(&self, loss: Loss, route: Option<&str>, reason: &impl fmt::Display) {
        let route = route.unwrap_or("no route");
        let (is_given, what, remedy) = match loss {
            Loss::Trace => (
                &self.of_trace,
                "a cache may reuse this page, so it was sent without its trace",
                "to keep the trace, send `Cache-Control: no-store` or set `RootSpanLayer::cache_policy`",
            ),
            Loss::Caching => (
                &self.of_caching,
                "a cache may reuse this page and its trace cannot be removed, so it was sent as `no-store`",
                "to let caches store the page, leave the trace out of it",
            ),
        };
        if is_given.swap(true, Ordering::Relaxed) {
            tracing::debug!(route, %reason, "{what}");
        } else {
            tracing::warn!(route, %reason, "{what}: {remedy} (later pages are logged at DEBUG)");
        }
    }
}
