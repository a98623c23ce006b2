//! What can be wrong with the tags of a page, and how to fix it.

use std::fmt;

use crate::propagation::{BAGGAGE, SENTRY_TRACE};

/// The two names that the browser SDK looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MetaName {
    /// `<meta name="sentry-trace">`
    SentryTrace,
    /// `<meta name="baggage">`
    Baggage,
}

impl MetaName {
    pub(super) const ALL: [Self; 2] = [Self::SentryTrace, Self::Baggage];

    /// The name as the attribute has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SentryTrace => SENTRY_TRACE,
            Self::Baggage => BAGGAGE,
        }
    }

    pub(super) fn exactly(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.as_str() == text)
    }

    pub(super) fn nearly(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|name| name.as_str().eq_ignore_ascii_case(text.trim()))
    }
}

impl fmt::Display for MetaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A problem that prevents the browser from continuing the server's trace, or may prevent it.
///
/// [`Display`](fmt::Display) says what the browser does and how to fix the page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Finding {
    /// The page has neither tag.
    NoTags,
    /// The page has a baggage tag without a `sentry-trace` tag.
    NoTrace,
    /// The page has a `sentry-trace` tag without a baggage tag.
    NoBaggage,
    /// The tag has no `content` or an empty one.
    Empty(MetaName),
    /// The SDK cannot parse the `sentry-trace` value.
    Malformed {
        /// The value, entities decoded.
        value: String,
        /// What is wrong with it.
        error: TraceValueError,
    },
    /// The baggage has no `sentry-` entry that the SDK can parse.
    NoEntries {
        /// The value, entities decoded.
        value: String,
    },
    /// The SDK drops this entry of the baggage, or parses it differently from how it was meant.
    BrokenEntry {
        /// The entry as written in the value.
        entry: String,
    },
    /// The two tags belong to different traces.
    OtherTrace {
        /// The trace id in `sentry-trace`.
        trace: String,
        /// `sentry-trace_id` in the baggage, if there is one.
        baggage: Option<String>,
    },
    /// Another tag of the same name, which is not read.
    Duplicate {
        /// Which tag.
        name: MetaName,
        /// The value of the other tag.
        unread: String,
    },
    /// The tag is outside `<head>`.
    OutsideHead(MetaName),
    /// A script that may already run comes before the tag.
    AfterScript(MetaName),
    /// The tag is inside `<template>`.
    InTemplate(MetaName),
    /// The tag is inside a comment.
    InComment(MetaName),
    /// The tag is inside an element that contains only text, such as `<title>` or, if scripts run,
    /// `<noscript>`.
    InElement {
        /// Which tag.
        name: MetaName,
        /// The element's name.
        element: String,
    },
    /// The page shows the tag as text.
    Escaped(MetaName),
    /// The tag has `property=` instead of `name=`.
    Property(MetaName),
    /// The tag's name is not in lower case, or has spaces around it.
    NameCase(MetaName),
}

impl Finding {
    /// The tag that the finding is about, if it is about a single one.
    #[must_use]
    pub const fn name(&self) -> Option<MetaName> {
        match *self {
            Self::NoTags | Self::OtherTrace { .. } => None,
            Self::NoTrace | Self::Malformed { .. } => Some(MetaName::SentryTrace),
            Self::NoBaggage | Self::NoEntries { .. } | Self::BrokenEntry { .. } => {
                Some(MetaName::Baggage)
            }
            Self::Empty(name)
            | Self::Duplicate { name, .. }
            | Self::OutsideHead(name)
            | Self::AfterScript(name)
            | Self::InTemplate(name)
            | Self::InComment(name)
            | Self::InElement { name, .. }
            | Self::Escaped(name)
            | Self::Property(name)
            | Self::NameCase(name) => Some(name),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTags => f.write_str(
                "the page has no tags, so the browser starts a new trace: print \
                 `{{ span.meta_tags() }}` in `<head>`, after `<meta charset>`",
            ),
            Self::NoTrace => f.write_str(
                "baggage without `<meta name=\"sentry-trace\">` is ignored: print both tags",
            ),
            Self::NoBaggage => f.write_str(
                "`sentry-trace` without `<meta name=\"baggage\">` freezes an empty sampling context \
                 in the browser: print both tags; only a trace that came in without baggage has none",
            ),
            Self::Empty(name) => write!(
                f,
                "`<meta name=\"{name}\">` is empty and hides every later one: print the value, or no tag",
            ),
            Self::Malformed { value, error } => {
                write!(f, "`sentry-trace` is `{}`: {error}", value.escape_debug())
            }
            Self::NoEntries { value } => write!(
                f,
                "the baggage `{}` has no `sentry-` entry, which freezes an empty sampling context in \
                 the browser: print the span's own baggage, or no tag",
                value.escape_debug(),
            ),
            Self::BrokenEntry { entry } => write!(
                f,
                "the browser does not parse the baggage entry `{}` as it was meant: write \
                 `key=value`, percent-encoded as UTF-8, not empty and without `;` properties",
                entry.escape_debug(),
            ),
            Self::OtherTrace { trace, baggage: Some(baggage) } => write!(
                f,
                "the baggage belongs to trace {baggage}, `sentry-trace` to {trace}: print both from \
                 one span, and keep neither in a cached fragment",
            ),
            Self::OtherTrace { trace, baggage: None } => write!(
                f,
                "the baggage has no `sentry-trace_id`, which should be {trace}: print both tags from one span",
            ),
            Self::Duplicate { name, unread } => write!(
                f,
                "a second `<meta name=\"{name}\">` is not read because the first one counts; its value is `{}`: \
                 print the tags once, in the template or by the layer",
                unread.escape_debug(),
            ),
            Self::OutsideHead(name) => write!(
                f,
                "`<meta name=\"{name}\">` is outside `<head>`, where it may be parsed too late: print \
                 it in `<head>`, and look for text or an element before it that ends `<head>` early",
            ),
            Self::AfterScript(name) => write!(
                f,
                "`<meta name=\"{name}\">` comes after a script, and an SDK that starts there does not \
                 read it: print it before the first script, or add `defer` to that script",
            ),
            Self::InTemplate(name) => {
                write!(f, "`<meta name=\"{name}\">` is inside `<template>`, where it is inert: move it to `<head>`")
            }
            Self::InComment(name) => {
                write!(f, "`<meta name=\"{name}\">` is inside a comment: move it out")
            }
            Self::InElement { name, element } => write!(
                f,
                "`<meta name=\"{name}\">` is inside `<{element}>`, where it is text: move it out",
            ),
            Self::Escaped(name) => write!(
                f,
                "the page shows `<meta name=\"{name}\">` as text: the tags are already escaped, so print them \
                 with the engine's filter for trusted markup, such as `safe`",
            ),
            Self::Property(name) => write!(
                f,
                "`<meta property=\"{name}\">` is not read: write `name=\"{name}\"`",
            ),
            Self::NameCase(name) => write!(
                f,
                "the name of a `<meta>` differs from `{name}` in case or spaces, so it is not read: write `name=\"{name}\"`",
            ),
        }
    }
}

/// What is wrong with a `sentry-trace` value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TraceValueError {
    /// Hexadecimal digits in upper case.
    UpperCase,
    /// A trace id with the dashes of a UUID.
    Dashed,
    /// A third part other than `0` or `1`.
    Decision,
    /// A line break, or any character other than space and tab, around the value.
    LineBreak,
    /// An entity that remains after the page was parsed.
    EscapedTwice,
    /// No span id. The browser continues the trace, but its spans have no parent.
    NoSpan,
    /// An id of zeros. The browser accepts it, Sentry does not.
    Zero,
    /// Anything else.
    Form,
}

impl fmt::Display for TraceValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UpperCase => "only lower-case hexadecimal digits are accepted",
            Self::Dashed => "the trace id is 32 hexadecimal digits without the dashes of a UUID",
            Self::Decision => "the third part is `1`, `0` or missing",
            Self::LineBreak => "only spaces and tabs are allowed around the value, no line break",
            Self::EscapedTwice => "it was escaped twice: print the tags as trusted markup",
            Self::NoSpan => "it has no span id, so the page's spans have no parent: write `<trace_id>-<span_id>`",
            Self::Zero => "an id of zeros is invalid",
            Self::Form => "it is not `<trace_id>-<span_id>[-<sampled>]`, so the browser starts a new trace",
        })
    }
}
