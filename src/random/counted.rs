use std::cell::Cell;
use std::marker::PhantomData;

use uuid::{Builder, Uuid};

thread_local! {
    static COUNT: Cell<Option<u128>> = const { Cell::new(None) };
}

pub(super) fn next() -> Option<Uuid> {
    let count = COUNT.get()?;
    COUNT.set(Some(count + 1));
    Some(Builder::from_random_bytes(count.to_be_bytes()).into_uuid())
}

/// Makes new ids the same in every run: while it lives, they are counted on this thread.
///
/// Rules:
///
/// 1. Counting starts anew with each `FixedIds`; the first trace id is
///    `00000000000040008000000000000001`. The `sample_rand` of a new trace comes from its id and is
///    the same in every run too.
/// 2. Only new ids are counted. A trace that comes in with a request keeps its own.
/// 3. Only this thread is concerned: the one of a test, and with it all of an `app()` under
///    `#[tokio::test]`, but not the other threads of a runtime with several.
///
/// There is no clock to fix: no value that goes into a page, a header or a loader's answer tells a
/// time. What the SDK sends has times and ids of the SDK's own making, which stay as they are.
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
    /// It belongs to the thread that it was made on.
    _thread: PhantomData<*const ()>,
}

impl FixedIds {
    /// Starts to count.
    #[expect(
        clippy::new_without_default,
        reason = "it changes the thread, which no default does"
    )]
    pub fn new() -> Self {
        Self {
            outer: COUNT.replace(Some(1)),
            _thread: PhantomData,
        }
    }
}

impl Drop for FixedIds {
    fn drop(&mut self) {
        let _thread_ends = COUNT.try_with(|count| count.set(self.outer));
    }
}
