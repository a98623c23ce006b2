use std::error::Error;
use std::fmt;

/// A text that is not the value it was read as.
///
/// Only explicit parsing returns it. A request with such a header is served as if the header had
/// not been there.
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

/// Which part of a value did not parse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// Not 32 lower-case hex digits, or all of them zero.
    TraceId,
    /// Not 16 lower-case hex digits, or all of them zero.
    SpanId,
    /// Not two or three parts with `-` between them, the third of them `1` or `0`.
    SentryTrace,
    /// Not a number from 0 to 1.
    SampleRate,
    /// Not a number from 0 up to, but without, 1.
    SampleRand,
    /// Not an address of the form `scheme://public_key@host/project_id`.
    Dsn,
}

impl ParseError {
    pub(crate) const fn new(kind: ParseErrorKind) -> Self {
        Self { kind }
    }

    /// Which part did not parse.
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
                "a sentry-trace value is <trace id>-<span id>, with -1 or -0 behind it or nothing"
            }
            ParseErrorKind::SampleRate => "a sample rate is a number from 0 to 1",
            ParseErrorKind::SampleRand => "a sample rand is a number from 0 up to, but without, 1",
            ParseErrorKind::Dsn => "a DSN is <scheme>://<public key>@<host>/<project id>",
        })
    }
}

impl Error for ParseError {}
