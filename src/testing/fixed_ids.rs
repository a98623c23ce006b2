use std::marker::PhantomData;

use crate::id::counter;

/// Makes new ids the same in every run: while it lives, the ids made on this thread count up.
///
/// Rules:
///
/// 1. Each `FixedIds` starts the count again; the first trace id is
///    `00000000000040008000000000000001`. The `sample_rand` of a new trace is derived from its id, so
///    it is the same in every run too.
/// 2. Only new ids are fixed. A trace that comes in with a request keeps its ids.
/// 3. Only this thread is affected. Under `#[tokio::test]` that covers a whole `app()`; it does not
///    cover the other threads of a multi-threaded runtime.
///
/// There is no clock to fix: no value in a page, a header or a loader's response depends on the
/// time. Events that the SDK sends keep their own timestamps and ids.
///
/// ```
/// use sentry_ssr::testing::FixedIds;
/// use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
///
/// let _fixed = FixedIds::new();
/// let span = RootSpan::start(&TraceOptions::new(), None, &TransactionName::route("GET", "/"));
/// assert_eq!(span.trace_id().to_string(), "00000000000040008000000000000001");
/// ```
#[derive(Debug)]
#[must_use = "ids are random again as soon as it is dropped"]
pub struct FixedIds {
    outer: Option<u128>,
    /// The count belongs to a thread, so its guard must not leave it.
    _thread: PhantomData<*const ()>,
}

impl FixedIds {
    /// Starts the count.
    #[expect(
        clippy::new_without_default,
        reason = "it changes the thread, and a default has no side effects"
    )]
    pub fn new() -> Self {
        Self {
            outer: counter::replace(Some(1)),
            _thread: PhantomData,
        }
    }
}

impl Drop for FixedIds {
    fn drop(&mut self) {
        counter::replace(self.outer);
    }
}
