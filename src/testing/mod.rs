//! Helpers for the tests of a service whose traces continue in the browser.
//!
//! 1. *Will the browser continue this trace?* [`assert_traced`] parses the page as a browser does, and fails with
//!    messages that say how to fix it; [`HeadReport`] returns the findings.
//! 2. *How do I keep a snapshot stable?* [`redact`] replaces each trace id, span id, `sample_rand` and release with
//!    a name, and equal values with equal names.
//! 3. *How do I get the same values in every run?* [`FixedIds`] makes new ids count up.
//!
//! The module is for dev-dependencies: it includes a full HTML parser, and [`assert_traced`] panics.
//!
//! ```
//! use sentry_ssr::testing::{assert_traced, redact};
//!
//! let page = r#"<head><meta charset="utf-8"><meta name="sentry-trace"
//!   content="771a43a4192642f0b136d5159a501700-1234567890abcdef-1"><meta name="baggage"
//!   content="sentry-trace_id=771a43a4192642f0b136d5159a501700,sentry-sample_rand=0.332200">"#;
//!
//! assert_traced(page);
//! assert_eq!(redact(page), r#"<head><meta charset="utf-8"><meta name="sentry-trace"
//!   content="[trace-1]-[span-1]-1"><meta name="baggage"
//!   content="sentry-trace_id=[trace-1],sentry-sample_rand=[rand-1]">"#);
//! ```
//!
//! The findings follow the behaviour of [`browserTracingIntegration`] in `@sentry/browser` 11.
//!
//! [`browserTracingIntegration`]: https://github.com/getsentry/sentry-javascript/blob/develop/packages/browser/src/tracing/browserTracingIntegration.ts

mod page;
mod problem;
mod redact;
mod report;

pub use self::problem::{Finding, MetaName, TraceValueError};
pub use self::redact::{INSTA_FILTERS, Redactor, redact};
pub use self::report::{HeadReport, assert_traced};

use std::marker::PhantomData;
use std::sync::LazyLock;

use regex::Regex;

use crate::id::counter;

/// A pattern, compiled at its first use.
type Pattern = LazyLock<Regex>;

#[expect(
    clippy::expect_used,
    reason = "the patterns are constants, and each has a test"
)]
fn compile(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

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
/// The clock is not fixed. Only a [`StaleGuard`](crate::StaleGuard) prints the time; no other value in a page, a header
/// or a loader's response depends on it. Events that the SDK sends keep their own timestamps and ids.
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
