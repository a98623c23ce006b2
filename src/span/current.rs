//! The root span that is current on a thread.

use std::cell::RefCell;
use std::future::Future;

use super::{RootSpan, Scoped};
use crate::render::{MetaTags, RouteTag, TraceData};
use crate::sdk::TaskHub;

thread_local! {
    static CURRENT: RefCell<Option<RootSpan>> = const { RefCell::new(None) };
}

/// Makes the previous span current again, also when a panic unwinds.
struct Restore(Option<RootSpan>);

impl Drop for Restore {
    fn drop(&mut self) {
        swap(&mut self.0);
    }
}

fn swap(span: &mut Option<RootSpan>) {
    let _thread_ends = CURRENT.try_with(|current| {
        std::mem::swap(&mut *current.borrow_mut(), span);
    });
}

impl RootSpan {
    /// The span of the request in which this code runs, under a [`RootSpanLayer`](crate::RootSpanLayer);
    /// `None` outside a request.
    ///
    /// A task that a handler spawns, or a closure that it sends to a thread pool, is not part of the request.
    /// [`RootSpan::scope`] and [`RootSpan::in_scope`] make it one.
    #[must_use]
    pub fn current() -> Option<Self> {
        CURRENT.try_with(|current| current.borrow().clone()).ok()?
    }

    /// Runs a future as part of this span's request, on any task or thread.
    ///
    /// The future gets its own hub, created from that of the request: its scope starts as a copy of the
    /// request's, and its changes stay its own.
    ///
    /// ```
    /// # use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let span = RootSpan::start(&TraceOptions::new(), None, &TransactionName::route("GET", "/"));
    /// let task = tokio::spawn(span.clone().scope(async { RootSpan::current() }));
    /// assert_eq!(task.await.unwrap().unwrap().trace_id(), span.trace_id());
    /// # }
    /// ```
    pub fn scope<F: Future>(self, future: F) -> impl Future<Output = F::Output> {
        let hub = self.sdk.task_hub();
        Scoped::new(future, Some((self, hub)))
    }

    /// Runs a closure as part of this span's request, on any thread.
    ///
    /// The closure gets its own hub, as a future does in [`RootSpan::scope`].
    ///
    /// ```
    /// # use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
    /// # let span = RootSpan::start(&TraceOptions::new(), None, &TransactionName::route("GET", "/"));
    /// assert!(RootSpan::current().is_none());
    /// let current = span.in_scope(RootSpan::current);
    /// assert_eq!(current.unwrap().trace_id(), span.trace_id());
    /// ```
    pub fn in_scope<R>(&self, f: impl FnOnce() -> R) -> R {
        self.run_under(&self.sdk.task_hub(), f)
    }

    /// Runs a part of the request's own task, under the request's hub.
    pub(crate) fn in_request<R>(&self, f: impl FnOnce() -> R) -> R {
        self.run_under(&self.sdk.request_hub(), f)
    }

    /// Makes the request's own task run under its hub.
    pub(crate) fn scoped_to_request<T>(self, inner: T) -> Scoped<T> {
        let hub = self.sdk.request_hub();
        Scoped::new(inner, Some((self, hub)))
    }

    pub(super) fn run_under<R>(&self, hub: &TaskHub, f: impl FnOnce() -> R) -> R {
        let _restore = self.become_current();
        hub.run(f)
    }

    /// The same for destructors, where the thread may have lost its thread-locals.
    pub(super) fn run_under_in_drop(&self, hub: &TaskHub, f: impl FnOnce()) {
        let _restore = self.become_current();
        hub.run_in_drop(f);
    }

    fn become_current(&self) -> Restore {
        let mut span = Some(self.clone());
        swap(&mut span);
        Restore(span)
    }
}

/// The `<meta>` tags of the request in which this code runs; outside a request they print nothing.
///
/// For a base template that has no span: `{{ sentry_ssr::meta_tags() }}`. It requires a
/// [`RootSpanLayer`](crate::RootSpanLayer) around the route; the extractor alone does not make a span current.
///
/// ```
/// assert_eq!(sentry_ssr::meta_tags().to_string(), "");
/// ```
pub fn meta_tags() -> MetaTags {
    MetaTags::new(RootSpan::current().map(|span| span.values))
}

/// The `<meta>` tag with the route of the request in which this code runs; outside a request it prints nothing.
///
/// ```
/// assert_eq!(sentry_ssr::route_tag().to_string(), "");
/// ```
pub fn route_tag() -> RouteTag {
    RouteTag::new(RootSpan::current().map(|span| span.values))
}

/// The trace of the request in which this code runs, as data; `None` outside a request.
#[must_use]
pub fn trace_data() -> Option<TraceData> {
    RootSpan::current().map(|span| span.trace_data())
}
