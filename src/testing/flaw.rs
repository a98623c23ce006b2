//! Why the browser SDK does not read a `sentry-trace` value, or reads it in vain.

use std::fmt;

/// What is wrong with a `sentry-trace` value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Flaw {
    /// Hexadecimal digits in upper case.
    UpperCase,
    /// A trace id with the dashes of a UUID.
    Dashed,
    /// A third part other than `0` or `1`.
    Decision,
    /// A line break, or another character around the value than space and tab.
    LineBreak,
    /// An entity that is still there after the page was parsed.
    EscapedTwice,
    /// No span id. The browser takes the trace, but its spans have no parent.
    NoSpan,
    /// An id of nothing but zeros. The browser takes it, Sentry does not.
    Zero,
    /// Anything else.
    Form,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UpperCase => "only lower-case hexadecimal is read",
            Self::Dashed => "the trace id is 32 hexadecimal digits without the dashes of a UUID",
            Self::Decision => "the third part is `1`, `0` or missing, nothing else is read",
            Self::LineBreak => "only spaces and tabs may stand around the value, no line break",
            Self::EscapedTwice => "it was escaped twice, print the tags as trusted markup",
            Self::NoSpan => "it names no span, so the page's spans have no parent; write `<trace_id>-<span_id>`",
            Self::Zero => "an id of zeros is none",
            Self::Form => "it is not `<trace_id>-<span_id>[-<sampled>]`, so the browser starts a trace of its own",
        })
    }
}
