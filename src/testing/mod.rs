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

mod fixed_ids;
mod page;
mod problem;
mod redact;
mod report;
mod value;

pub use self::fixed_ids::FixedIds;
pub use self::problem::{Finding, MetaName, TraceValueError};
pub use self::redact::{INSTA_FILTERS, Redactor, redact};
pub use self::report::{HeadReport, assert_traced};

use std::sync::LazyLock;

use regex::Regex;

/// A pattern, compiled at its first use.
type Pattern = LazyLock<Regex>;

#[expect(
    clippy::expect_used,
    reason = "the patterns are constants, and each has a test"
)]
fn compile(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}
