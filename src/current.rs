//! The span of the request that is running now.

use std::cell::RefCell;
use std::future::Future;

use crate::data::TraceData;
use crate::meta::MetaTags;
use crate::scoped::Scoped;
use crate::span::RootSpan;

thread_local! {
    static CURRENT: RefCell<Option<RootSpan>> = const { RefCell::new(None) };
}

/// Puts the span back that was current before, also when a panic passes through.
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
    /// The span of the request that this code runs for, under a
    /// `RootSpanLayer`; `None` outside of a request.
    ///
    /// A task that a handler spawns is no longer part of the request. To take the span along, wrap
    /// the task with [`RootSpan::scope`], or a blocking closure with [`RootSpan::in_scope`].
    #[must_use]
    pub fn current() -> Option<Self> {
        CURRENT.try_with(|current| current.borrow().clone()).ok()?
    }

    /// Runs a future as a part of this span's request, on whichever task or thread.
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
        Scoped::new(future, Some(self))
    }

    /// Runs a closure as a part of this span's request.
    ///
    /// ```
    /// # use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
    /// # let span = RootSpan::start(&TraceOptions::new(), None, &TransactionName::route("GET", "/"));
    /// assert!(RootSpan::current().is_none());
    /// let current = span.in_scope(RootSpan::current);
    /// assert_eq!(current.unwrap().trace_id(), span.trace_id());
    /// ```
    pub fn in_scope<R>(&self, f: impl FnOnce() -> R) -> R {
        let _restore = self.become_current();
        self.recorder().run(f)
    }

    /// The same for destructors: there may be nothing left of the thread that could be switched.
    pub(crate) fn in_scope_dropping(&self, f: impl FnOnce()) {
        let _restore = self.become_current();
        self.recorder().run_dropping(f);
    }

    fn become_current(&self) -> Restore {
        let mut span = Some(self.clone());
        swap(&mut span);
        Restore(span)
    }
}

/// The `<meta>` tags of the request that this code runs for; they print nothing outside of a request.
///
/// For a base template that no handler passes a span to: `{{ sentry_ssr::meta_tags() }}`. It needs a
/// `RootSpanLayer` around the route; the extractor alone does not make a span current.
///
/// ```
/// assert_eq!(sentry_ssr::meta_tags().to_string(), "");
/// ```
pub fn meta_tags() -> MetaTags {
    MetaTags::new(RootSpan::current().inspect(|span| {
        let _frozen = span.dynamic_sampling_context();
    }))
}

/// The trace of the request that this code runs for, as data; `None` outside of a request.
#[must_use]
pub fn trace_data() -> Option<TraceData> {
    RootSpan::current().map(|span| span.trace_data())
}
