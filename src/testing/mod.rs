//! Helpers for the tests of a service that hands its trace to the browser.
//!
//! Three questions come up in such tests, and each has its tool:
//!
//! 1. *Will the browser go on with this trace?* [`assert_traced`] parses the page as a browser does
//!    and fails with sentences that say what to mend; [`HeadReport`] gives the findings themselves.
//! 2. *How do I keep a snapshot stable?* [`redact`] gives every trace id, span id, `sample_rand` and
//!    release a name, and the same name wherever the same value stands.
//! 3. *How do I make the values themselves the same in every run?* [`FixedIds`] counts new ids.
//!
//! The module is for dev-dependencies: it parses HTML with a full parser and [`assert_traced`] panics.
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
//! What the browser reads is the behaviour of [`browserTracingIntegration`] in `@sentry/browser` 11.
//!
//! [`browserTracingIntegration`]: https://github.com/getsentry/sentry-javascript/blob/develop/packages/browser/src/tracing/browserTracingIntegration.ts

mod check;
mod fixed_ids;
mod kind;
mod page;
mod problem;
mod redact;
mod report;
mod value;

pub use self::fixed_ids::FixedIds;
pub use self::kind::INSTA_FILTERS;
pub use self::problem::{Finding, MetaName, TraceValueError};
pub use self::redact::{Redactor, redact};
pub use self::report::{HeadReport, assert_traced};

use std::sync::LazyLock;

use regex::Regex;

/// A pattern that is compiled at its first use.
type Pattern = LazyLock<Regex>;

#[expect(
    clippy::expect_used,
    reason = "the patterns are constants, and each has a test"
)]
fn compile(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}
