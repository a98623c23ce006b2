//! What can be wrong with a value or an option.

use std::error::Error;
use std::fmt;

/// An error from parsing an id, a `sentry-trace` value, a sample rate or a `sample_rand`.
///
/// Only `parse` and `try_from` return it. A request with a malformed header is served as if the header were absent.
///
/// ```
/// use sentry_ssr::{ParseErrorKind, TraceId};
///
/// let error = "cafe".parse::<TraceId>().unwrap_err();
/// assert_eq!(error.kind(), ParseErrorKind::TraceId);
/// assert_eq!(error.to_string(), "a trace id is 32 lower-case hex digits, not all zero");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseError {
    kind: ParseErrorKind,
}

/// The kind of value that could not be parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// Not 32 lower-case hex digits, or all of them zero.
    TraceId,
    /// Not 16 lower-case hex digits, or all of them zero.
    SpanId,
    /// Not two or three parts separated by `-`, the third of them `1` or `0`.
    SentryTrace,
    /// Not a number from 0 to 1.
    SampleRate,
    /// Not a number from 0 up to, but excluding, 1.
    SampleRand,
}

impl ParseError {
    pub(crate) const fn new(kind: ParseErrorKind) -> Self {
        Self { kind }
    }

    /// The kind of value that could not be parsed.
    #[must_use]
    pub const fn kind(&self) -> ParseErrorKind {
        self.kind
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            ParseErrorKind::TraceId => "a trace id is 32 lower-case hex digits, not all zero",
            ParseErrorKind::SpanId => "a span id is 16 lower-case hex digits, not all zero",
            ParseErrorKind::SentryTrace => {
                "a sentry-trace value is <trace id>-<span id>, optionally followed by -1 or -0"
            }
            ParseErrorKind::SampleRate => "a sample rate is a number from 0 to 1",
            ParseErrorKind::SampleRand => {
                "a sample rand is a number from 0 up to, but excluding, 1"
            }
        })
    }
}

impl Error for ParseError {}

/// An error from setting an option to an invalid value.
///
/// The message names the option, the value and what is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionsError {
    kind: OptionsErrorKind,
    option: &'static str,
    value: String,
}

/// What is wrong with the value of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OptionsErrorKind {
    /// Not a DSN, or one without a public key.
    Dsn,
    /// Not a number from 0 to 1.
    Rate,
    /// Not a whole number.
    Number,
    /// Neither true nor false.
    Flag,
    /// Not UTF-8.
    Encoding,
}

impl OptionsError {
    pub(crate) fn new(kind: OptionsErrorKind, option: &'static str, value: &str) -> Self {
        Self {
            kind,
            option,
            value: value.to_owned(),
        }
    }

    /// The same error, reported under the name by which the user set the value.
    pub(crate) fn named(self, option: &'static str) -> Self {
        Self { option, ..self }
    }

    /// What is wrong with the value.
    #[must_use]
    pub const fn kind(&self) -> OptionsErrorKind {
        self.kind
    }

    /// The option: the name of a method, or of an environment variable.
    #[must_use]
    pub const fn option(&self) -> &'static str {
        self.option
    }
}

impl fmt::Display for OptionsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let allowed = match self.kind {
            OptionsErrorKind::Dsn => "an address of the form https://public_key@host/project_id",
            OptionsErrorKind::Rate => "a number from 0 to 1",
            OptionsErrorKind::Number => "a whole number such as 1234567",
            OptionsErrorKind::Flag => "one of true, 1, yes, on, false, 0, no, off",
            OptionsErrorKind::Encoding => "valid UTF-8",
        };
        write!(
            f,
            "{} is `{}`, but must be {allowed}",
            self.option, self.value
        )
    }
}

impl Error for OptionsError {}
