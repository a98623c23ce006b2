//! The value of `sentry-trace`, and the same trace in the form of the W3C's `traceparent`.

use std::fmt;
use std::str::FromStr;

use crate::error::{ParseError, ParseErrorKind};
use crate::id::{SpanId, TraceId};
use crate::text::{WriteTo, serde_as_text};

/// The value of `sentry-trace`: a trace, a span of it, and whether the trace is sampled.
///
/// Grammar: `<trace id>-<span id>[-<sampled>]`, where `sampled` is `1` or `0`; without it the decision is
/// *deferred* to the next service. Spaces and tabs around the value are ignored. Anything else is an error.
///
/// ```
/// use sentry_ssr::SentryTrace;
///
/// let trace: SentryTrace = "771a43a4192642f0b136d5159a501700-b7ad6b7169203331-1".parse()?;
/// assert_eq!(trace.sampled(), Some(true));
/// assert_eq!(trace.to_string(), "771a43a4192642f0b136d5159a501700-b7ad6b7169203331-1");
/// # Ok::<_, sentry_ssr::ParseError>(())
/// ```
///
/// Source: <https://develop.sentry.dev/sdk/foundations/trace-propagation/#header-sentry-trace>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use]
pub struct SentryTrace {
    trace_id: TraceId,
    span_id: SpanId,
    sampled: Option<bool>,
}

impl SentryTrace {
    /// The value with these parts; `sampled` is `None` if the decision is deferred.
    pub const fn new(trace_id: TraceId, span_id: SpanId, sampled: Option<bool>) -> Self {
        Self {
            trace_id,
            span_id,
            sampled,
        }
    }

    /// The id of the trace.
    pub const fn trace_id(&self) -> TraceId {
        self.trace_id
    }

    /// The id of the sender's span, which becomes the parent of the receiver's span.
    pub const fn span_id(&self) -> SpanId {
        self.span_id
    }

    /// Whether the trace is sampled; `None` while the decision is deferred.
    #[must_use]
    pub const fn sampled(&self) -> Option<bool> {
        self.sampled
    }
}

impl FromStr for SentryTrace {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        const MALFORMED: ParseError = ParseError::new(ParseErrorKind::SentryTrace);

        let (trace_id, rest) = text
            .trim_matches([' ', '\t'])
            .split_once('-')
            .ok_or(MALFORMED)?;
        let (span_id, sampled) = match rest.split_once('-') {
            None => (rest, None),
            Some((span_id, "1")) => (span_id, Some(true)),
            Some((span_id, "0")) => (span_id, Some(false)),
            Some(_) => return Err(MALFORMED),
        };
        Ok(Self::new(trace_id.parse()?, span_id.parse()?, sampled))
    }
}

impl WriteTo for SentryTrace {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        let mut text = [b'-'; LONGEST];
        out.write_str(self.print(&mut text).ok_or(fmt::Error)?)
    }
}

/// The length of two ids, the decision and two dashes.
const LONGEST: usize = 51;

impl SentryTrace {
    /// Prints the value into a buffer of dashes. Every page contains it, so `write!` is too slow.
    fn print<'a>(&self, text: &'a mut [u8; LONGEST]) -> Option<&'a str> {
        const_hex::encode_to_slice(self.trace_id.as_bytes(), text.get_mut(..32)?).ok()?;
        const_hex::encode_to_slice(self.span_id.as_bytes(), text.get_mut(33..49)?).ok()?;
        let len = match self.sampled {
            None => LONGEST - 2,
            Some(sampled) => {
                *text.last_mut()? = b'0' + u8::from(sampled);
                LONGEST
            }
        };
        str::from_utf8(text.get(..len)?).ok()
    }
}

impl fmt::Display for SentryTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

serde_as_text! {
    SentryTrace: "<trace id>-<span id>, optionally followed by -1 or -0",
}

/// The ids of a [`SentryTrace`] in the form of the W3C header `traceparent`.
///
/// Grammar: `00-<trace id>-<span id>-<flags>`, where flags are `01` for sampled and `00` otherwise. This header
/// cannot express a deferred decision.
///
/// ```
/// use sentry_ssr::{SentryTrace, Traceparent};
///
/// let trace: SentryTrace = "771a43a4192642f0b136d5159a501700-b7ad6b7169203331-1".parse()?;
/// assert_eq!(
///     Traceparent::from(trace).to_string(),
///     "00-771a43a4192642f0b136d5159a501700-b7ad6b7169203331-01"
/// );
/// # Ok::<_, sentry_ssr::ParseError>(())
/// ```
///
/// Source: <https://www.w3.org/TR/trace-context/#traceparent-header>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use]
pub struct Traceparent(SentryTrace);

impl From<SentryTrace> for Traceparent {
    fn from(trace: SentryTrace) -> Self {
        Self(trace)
    }
}

impl WriteTo for Traceparent {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        let Self(trace) = self;
        out.write_str("00-")?;
        trace.trace_id().write_to(out)?;
        out.write_str("-")?;
        trace.span_id().write_to(out)?;
        out.write_str(if trace.sampled() == Some(true) {
            "-01"
        } else {
            "-00"
        })
    }
}

impl fmt::Display for Traceparent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

impl serde::Serialize for Traceparent {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
