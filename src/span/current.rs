//! The root span that is current on a thread, and what runs as part of its request.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::RootSpan;
use crate::render::{MetaTags, RouteTag, TraceData};
use crate::sdk::TaskHub;

thread_local! {
    static CURRENT: Cell<Option<RootSpan>> = const { Cell::new(None) };
}

/// Swaps a span with the thread's current one, and swaps them back when it is dropped, even during a panic.
struct CurrentGuard<'a>(&'a mut Option<RootSpan>);

impl<'a> CurrentGuard<'a> {
    fn new(span: &'a mut Option<RootSpan>) -> Self {
        swap(span);
        Self(span)
    }
}

impl Drop for CurrentGuard<'_> {
    fn drop(&mut self) {
        swap(self.0);
    }
}

fn swap(span: &mut Option<RootSpan>) {
    let _thread_ends = CURRENT.try_with(|current| {
        *span = current.replace(span.take());
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
        let clone = |current: &Cell<Option<Self>>| {
            let span = current.take();
            current.set(span.clone());
            span
        };
        CURRENT.try_with(clone).ok()?
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
        Scoped::new(future, Some(self), hub)
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
        Self::run_under(&mut Some(self.clone()), self.sdk.task_hub(), f)
    }

    /// Runs a part of the request's own task, under the request's hub.
    pub(crate) fn in_request<R>(&self, f: impl FnOnce() -> R) -> R {
        Self::run_under(&mut Some(self.clone()), self.sdk.request_hub(), f)
    }

    /// Runs a part of the request's own task under its hub. The span is lent meanwhile; without one, `f` runs
    /// unchanged.
    pub(crate) fn run_as_current<R>(span: &mut Option<Self>, f: impl FnOnce() -> R) -> R {
        let hub = Self::hub_of(span.as_ref());
        Self::run_under(span, hub, f)
    }

    /// The same for destructors.
    pub(crate) fn run_as_current_in_drop(span: &mut Option<Self>, f: impl FnOnce()) {
        let hub = Self::hub_of(span.as_ref());
        Self::run_under_in_drop(span, hub, f);
    }

    fn hub_of(span: Option<&Self>) -> TaskHub {
        span.map_or(TaskHub::NONE, |span| span.sdk.request_hub())
    }

    fn run_under<R>(span: &mut Option<Self>, hub: TaskHub, f: impl FnOnce() -> R) -> R {
        let _guard = span.is_some().then(|| CurrentGuard::new(span));
        hub.run(f)
    }

    /// The same for destructors, in which the thread may have lost its thread-locals.
    fn run_under_in_drop(span: &mut Option<Self>, hub: TaskHub, f: impl FnOnce()) {
        let _guard = span.is_some().then(|| CurrentGuard::new(span));
        hub.run_in_drop(f);
    }
}

pin_project! {
    /// A future that runs, and is dropped, as part of a span's request.
    struct Scoped<T> {
        // `None` once it is done, and while it is being dropped.
        #[pin]
        inner: Option<T>,
        span: Option<RootSpan>,
        hub: TaskHub,
    }

    impl<T> PinnedDrop for Scoped<T> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.inner.is_some() {
                let hub = this.hub.clone();
                RootSpan::run_under_in_drop(this.span, hub, || this.inner.set(None));
            }
        }
    }
}

impl<T> Scoped<T> {
    /// Without a span and a hub it runs unchanged.
    const fn new(inner: T, span: Option<RootSpan>, hub: TaskHub) -> Self {
        Self {
            inner: Some(inner),
            span,
            hub,
        }
    }
}

impl<F: Future> Future for Scoped<F> {
    type Output = F::Output;

    /// A finished future is dropped at once, while its request is still current.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let poll = || {
            let polled = this.inner.as_mut().as_pin_mut()?.poll(cx);
            if polled.is_ready() {
                this.inner.set(None);
            }
            Some(polled)
        };
        RootSpan::run_under(this.span, this.hub.clone(), poll).unwrap_or(Poll::Pending)
    }
}

/// The `<meta>` tags of the request in which this code runs; outside a request they print nothing.
///
/// Use it in a base template that has no span: `{{ sentry_ssr::meta_tags() }}`. It requires a
/// [`RootSpanLayer`](crate::RootSpanLayer) around the route; the extractor alone does not make a span current.
///
/// In a process that has a layer, the first page that is rendered outside a request is logged at the level `WARN`.
///
/// ```
/// assert_eq!(sentry_ssr::meta_tags().to_string(), "");
/// ```
pub fn meta_tags() -> MetaTags {
    MetaTags::new(current_for_page().map(|span| span.values))
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
    current_for_page().map(|span| span.trace_data())
}

/// Wraps a closure so that it runs as part of the current request wherever it is called: on a thread of a pool, for
/// example. Outside a request the closure runs unchanged.
///
/// ```
/// # use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
/// # fn render() -> Option<RootSpan> { RootSpan::current() }
/// # let span = RootSpan::start(&TraceOptions::new(), None, &TransactionName::route("GET", "/"));
/// # let page = span.in_scope(|| {
/// std::thread::spawn(sentry_ssr::in_current_scope(|| render()))
/// # }).join().unwrap();
/// # assert_eq!(page.unwrap().trace_id(), span.trace_id());
/// ```
///
/// Each call runs as in [`RootSpan::in_scope`].
pub fn in_current_scope<R>(f: impl FnOnce() -> R) -> impl FnOnce() -> R {
    let span = RootSpan::current();
    move || match span {
        Some(span) => span.in_scope(f),
        None => f(),
    }
}

/// Makes a future part of the request in which this code runs, on any task, as [`RootSpan::scope`] does. Outside a
/// request the future runs unchanged.
///
/// ```
/// # use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # async fn render() -> Option<RootSpan> { RootSpan::current() }
/// # let span = RootSpan::start(&TraceOptions::new(), None, &TransactionName::route("GET", "/"));
/// # let page = span.clone().scope(async {
/// tokio::spawn(sentry_ssr::current_scope(render())).await
/// # }).await.unwrap();
/// # assert_eq!(page.unwrap().trace_id(), span.trace_id());
/// # }
/// ```
pub fn current_scope<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let span = RootSpan::current();
    let hub = span.as_ref().map(|span| span.sdk.task_hub());
    Scoped::new(future, span, hub.unwrap_or(TaskHub::NONE))
}

/// The current span, for a page that shows nothing without one.
fn current_for_page() -> Option<RootSpan> {
    let span = RootSpan::current();
    if span.is_none() && HAS_LAYER.load(Ordering::Relaxed) {
        WARNED.call_once(|| {
            tracing::warn!(
                "a page was rendered outside a request, so it has no trace: pass the `RootSpan` to where the page \
                 is rendered, or wrap that code in `RootSpan::in_scope`, `RootSpan::scope` or \
                 `sentry_ssr::in_current_scope`"
            );
        });
    }
    span
}

/// Notes that this process has a layer, so that pages are expected to be rendered in its requests.
pub(crate) fn note_layer() {
    HAS_LAYER.store(true, Ordering::Relaxed);
}

static HAS_LAYER: AtomicBool = AtomicBool::new(false);
static WARNED: Once = Once::new();
