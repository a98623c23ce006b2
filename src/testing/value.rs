//! The two values as the browser SDK parses them, which differs from the crate's own parsers.
//!
//! Source: `utils/tracing.ts` and `utils/baggage.ts` of `@sentry/core` 11.

use percent_encoding::percent_decode_str;

use super::{Pattern, TraceValueError, compile};

/// Every part is optional; without a trace id the browser starts a new trace.
static SENTRY_TRACE: Pattern =
    Pattern::new(|| compile(r"^[ \t]*([0-9a-f]{32})?-?([0-9a-f]{16})?-?([01])?[ \t]*$"));
static UUID: Pattern =
    Pattern::new(|| compile(r"^\s*[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"));
static IDS: Pattern = Pattern::new(|| compile(r"^\s*[0-9a-f]{32}-[0-9a-f]{16}-"));

/// What the browser takes from `sentry-trace`.
#[derive(Clone, Copy, Debug)]
pub(super) struct TraceParts<'v> {
    pub(super) trace_id: &'v str,
    pub(super) span_id: Option<&'v str>,
}

impl<'v> TraceParts<'v> {
    pub(super) fn read(value: &'v str) -> Option<Self> {
        let found = SENTRY_TRACE.captures(value)?;
        Some(Self {
            trace_id: found.get(1)?.as_str(),
            span_id: found.get(2).map(|id| id.as_str()),
        })
    }
}

/// The error in a `sentry-trace` value, if there is one.
pub(super) fn error_in(value: &str) -> Option<TraceValueError> {
    match TraceParts::read(value) {
        Some(TraceParts { span_id: None, .. }) => Some(TraceValueError::NoSpan),
        Some(TraceParts {
            trace_id,
            span_id: Some(span_id),
        }) => [trace_id, span_id]
            .into_iter()
            .any(is_zero)
            .then_some(TraceValueError::Zero),
        None => Some(why_unread(value)),
    }
}

fn is_zero(id: &str) -> bool {
    id.bytes().all(|digit| digit == b'0')
}

fn why_unread(value: &str) -> TraceValueError {
    let reads = |value: &str| TraceParts::read(value).is_some();
    if value.contains('&') {
        TraceValueError::EscapedTwice
    } else if reads(value.trim()) {
        TraceValueError::LineBreak
    } else if reads(&value.to_ascii_lowercase()) {
        TraceValueError::UpperCase
    } else if UUID.is_match(value) {
        TraceValueError::Dashed
    } else if IDS.is_match(value) {
        TraceValueError::Decision
    } else {
        TraceValueError::Form
    }
}

/// One piece of a baggage value between commas.
#[derive(Debug)]
pub(super) struct Entry<'v> {
    pub(super) raw: &'v str,
    /// Key and value, decoded; `None` where the browser drops the entry.
    pub(super) pair: Option<(String, String)>,
}

impl Entry<'_> {
    pub(super) fn is_sentry(&self) -> bool {
        self.pair
            .as_ref()
            .is_some_and(|(key, _)| key.starts_with("sentry-"))
    }

    /// Whether it is meant for Sentry but dropped, or has properties that become part of its value.
    pub(super) fn is_broken(&self) -> bool {
        self.raw.starts_with("sentry-") && (self.pair.is_none() || self.raw.contains(';'))
    }
}

pub(super) fn entries(baggage: &str) -> impl Iterator<Item = Entry<'_>> {
    baggage.split(',').map(|raw| Entry {
        raw: raw.trim(),
        pair: pair(raw),
    })
}

fn pair(raw: &str) -> Option<(String, String)> {
    let (key, value) = raw.split_once('=')?;
    Some((decode(key.trim())?, decode(value.trim())?))
}

/// Decodes like `decodeURIComponent`; `None` for an empty result.
fn decode(text: &str) -> Option<String> {
    let whole = text.split('%').skip(1).all(|rest| {
        let mut digits = rest.bytes().take(2);
        digits.len() == 2 && digits.all(|digit| digit.is_ascii_hexdigit())
    });
    let text = percent_decode_str(text)
        .decode_utf8()
        .ok()
        .filter(|_| whole)?;
    (!text.is_empty()).then(|| text.into_owned())
}
