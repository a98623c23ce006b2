//! What the browser SDK will read from a page.

use std::fmt;

use super::page::{Entry, Page, Tag, TraceParts, entries, error_in};
use super::{Finding, MetaName};

/// What `@sentry/browser` will read from a page, and what is wrong with it.
///
/// The rules are those of the browser, not of this crate:
///
/// 1. The first tag of each name in document order counts, in `<head>` or `<body>`, even if it is empty or
///    malformed.
/// 2. Only `name=` is read, in lower case, and nothing in `<template>`, `<noscript>`, a comment or `<title>`.
/// 3. `sentry-trace` must match as a whole, apart from spaces and tabs around it; otherwise the browser starts a
///    new trace.
/// 4. Baggage counts only together with a `sentry-trace`; without baggage the sampling context is frozen empty.
/// 5. A tag that is parsed after the SDK's `init` is not read.
///
/// A page whose trace is in the `Server-Timing` header has no tags, and the report says so: check that header
/// instead.
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
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct HeadReport {
    sentry_trace: Option<String>,
    baggage: Option<String>,
    trace_id: Option<String>,
    findings: Vec<Finding>,
}

impl HeadReport {
    /// Parses `html` as a browser does, and checks what the SDK will read. Any text is a page.
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

    /// The trace that the browser continues; `None` if it starts a new one.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.trace_id.as_deref()
    }

    /// The problems: missing tags first, then misplaced ones, then invalid values. Empty if there are none.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// The trace that the browser continues, and a line for each finding.
impl fmt::Display for HeadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.trace_id {
            Some(id) => write!(f, "the browser continues trace {id}")?,
            None => f.write_str("the browser starts a new trace")?,
        }
        self.findings
            .iter()
            .try_for_each(|finding| write!(f, "\n- {finding}"))
    }
}

/// Fails a test unless the browser continues the trace in `html` and its tags have no problem.
///
/// # Panics
///
/// If [`HeadReport::findings`] is not empty; the message says how to fix each finding.
#[track_caller]
pub fn assert_traced(html: &str) {
    let report = HeadReport::of(html);
    assert!(report.findings.is_empty(), "{report}");
}

/// What is wrong with the tags that the parser has found.
fn check(page: &Page) -> Vec<Finding> {
    let [trace, baggage] = MetaName::ALL.map(|name| page.read(name));
    let mut findings = missing(page);
    for name in MetaName::ALL {
        findings.extend(placement(page, name));
    }
    findings.extend(trace.and_then(unread_trace));
    findings.extend(baggage.into_iter().flat_map(unread_entries));
    findings.extend(trace.zip(baggage).and_then(other_trace));
    findings
}

/// For each name without a tag: what was meant as one, or that there is none.
fn missing(page: &Page) -> Vec<Finding> {
    if page.tags.is_empty() && page.lookalikes.is_empty() {
        return vec![Finding::NoTags];
    }
    MetaName::ALL
        .into_iter()
        .filter(|name| page.read(*name).is_none())
        .map(|name| page.meant_as(name).unwrap_or(absent(name)))
        .collect()
}

fn absent(name: MetaName) -> Finding {
    match name {
        MetaName::SentryTrace => Finding::NoTrace,
        MetaName::Baggage => Finding::NoBaggage,
    }
}

fn placement(page: &Page, name: MetaName) -> Vec<Finding> {
    let mut tags = page.tags.iter().filter(|tag| tag.name == name);
    let Some(read) = tags.next() else {
        return Vec::new();
    };
    let found = [
        (read.content.is_empty(), Finding::Empty(name)),
        (!read.in_head, Finding::OutsideHead(name)),
        (read.after_script, Finding::AfterScript(name)),
    ];
    let duplicates = tags.map(|tag| Finding::Duplicate {
        name,
        unread: tag.content.clone(),
    });
    found
        .into_iter()
        .filter_map(|(is_so, finding)| is_so.then_some(finding))
        .chain(duplicates)
        .collect()
}

fn unread_trace(tag: &Tag) -> Option<Finding> {
    let value = tag.content.clone();
    let error = error_in(&value).filter(|_| !value.is_empty())?;
    Some(Finding::Malformed { value, error })
}

fn unread_entries(tag: &Tag) -> Vec<Finding> {
    let value = &tag.content;
    if value.is_empty() {
        Vec::new()
    } else if entries(value).any(|entry| entry.is_sentry()) {
        entries(value)
            .filter(Entry::is_broken)
            .map(|entry| Finding::BrokenEntry {
                entry: entry.raw.to_owned(),
            })
            .collect()
    } else {
        vec![Finding::NoEntries {
            value: value.clone(),
        }]
    }
}

fn other_trace((trace, baggage): (&Tag, &Tag)) -> Option<Finding> {
    let trace = TraceParts::read(&trace.content)?.trace_id;
    let pairs: Vec<_> = entries(&baggage.content)
        .filter(Entry::is_sentry)
        .filter_map(|entry| entry.pair)
        .collect();
    let named = pairs
        .iter()
        .rev()
        .find(|(key, _)| key == "sentry-trace_id")
        .map(|(_, id)| id.clone());
    let differs = !pairs.is_empty() && named.as_deref() != Some(trace);
    differs.then(|| Finding::OtherTrace {
        trace: trace.to_owned(),
        baggage: named,
    })
}
