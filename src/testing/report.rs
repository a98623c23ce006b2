//! What the browser SDK will read from a page.

use std::fmt;

use super::check::check;
use super::page::Page;
use super::value::TraceParts;
use super::{Finding, MetaName};

/// What `@sentry/browser` will read from a page, and what is wrong with it.
///
/// The rules by which it judges are the browser's, not this crate's:
///
/// 1. Of each name the first tag in document order counts, in `<head>` or `<body>`; it counts also
///    where it is empty or malformed.
/// 2. Only `name=` is read, in lower case, and nothing inside `<template>`, `<noscript>`, a comment or `<title>`.
/// 3. `sentry-trace` is matched as a whole, with spaces and tabs around it; what does not match
///    starts a new trace.
/// 4. Baggage counts only beside a `sentry-trace`; without baggage the sampling context is frozen empty.
/// 5. A tag that is parsed after the SDK's `init` is not seen.
///
/// A page that leaves the trace to the `Server-Timing` header has no tags, and is reported so: check
/// that header instead.
///
/// ```
/// use sentry_ssr::testing::{Finding, HeadReport};
///
/// let page = r#"<meta name="sentry-trace" content="771a43a4192642f0b136d5159a501700-1234567890abcdef">"#;
/// let report = HeadReport::of(page);
///
/// assert_eq!(report.trace_id(), Some("771a43a4192642f0b136d5159a501700"));
/// assert_eq!(report.findings(), [Finding::NoBaggage]);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct HeadReport {
    sentry_trace: Option<String>,
    baggage: Option<String>,
    trace_id: Option<String>,
    findings: Vec<Finding>,
}

impl HeadReport {
    /// Parses `html` as a browser does and judges what the SDK will read. Any text is a page.
    pub fn of(html: &str) -> Self {
        let page = Page::parse(html);
        let [sentry_trace, baggage] =
            MetaName::ALL.map(|name| page.read(name).map(|tag| tag.content.clone()));
        let parts = sentry_trace.as_deref().and_then(TraceParts::read);
        Self {
            trace_id: parts.map(|parts| parts.trace_id.to_owned()),
            findings: check(&page),
            sentry_trace,
            baggage,
        }
    }

    /// The `content` of the `sentry-trace` tag that counts, entities decoded.
    #[must_use]
    pub fn sentry_trace(&self) -> Option<&str> {
        self.sentry_trace.as_deref()
    }

    /// The `content` of the baggage tag that counts, entities decoded.
    #[must_use]
    pub fn baggage(&self) -> Option<&str> {
        self.baggage.as_deref()
    }

    /// The trace that the browser goes on with; `None` when it starts one of its own.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.trace_id.as_deref()
    }

    /// What is wrong, in the order of the rules above; empty when all is well.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// The trace that the browser goes on with, and a line for each finding.
impl fmt::Display for HeadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.trace_id {
            Some(id) => write!(f, "the browser goes on with trace {id}")?,
            None => f.write_str("the browser starts a trace of its own")?,
        }
        self.findings
            .iter()
            .try_for_each(|finding| write!(f, "\n- {finding}"))
    }
}

/// Fails a test unless the browser goes on with the trace in `html` and nothing is wrong with its tags.
///
/// # Panics
///
/// When [`HeadReport::findings`] has any; the message says how to mend each.
#[track_caller]
pub fn assert_traced(html: &str) {
    let report = HeadReport::of(html);
    assert!(report.findings.is_empty(), "{report}");
}
