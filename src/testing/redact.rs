//! Stable names for the values that differ from run to run.

use std::borrow::Cow;
use std::ops::Range;

use regex::Match;

use super::{Pattern, compile};

/// The text before a value: `sentry-key=` in baggage, `"key":` in JSON, either of them escaped
/// for an HTML attribute or for a JSON string.
macro_rules! key {
    ($key:literal) => {
        concat!(
            r#"(?:\bsentry-"#,
            $key,
            r#"(?:=|&#61;|&#x3[dD];)"#,
            r#"|(?:"|&quot;|&#34;|&#x22;)"#,
            $key,
            r#"\\*(?:"|&quot;|&#34;|&#x22;)\s*:\s*\\*(?:"|&quot;|&#34;|&#x22;)?)"#
        )
    };
}

const PAIR: &str = r"\b([0-9a-f]{32})-([0-9a-f]{16})\b";
const TRACE_ID: &str = concat!("(", key!("trace_id"), r")([0-9a-f]{32})\b");
const SPAN_ID: &str = concat!("(", key!("(?:parent_)?span_id"), r")([0-9a-f]{16})\b");
const SAMPLE_RAND: &str = concat!("(", key!("sample_rand"), r")([01](?:\.[0-9]+)?)");
const RELEASE: &str = concat!("(", key!("release"), r#")([^\s,;"'<>&\\]+)"#);

static BARE: Pattern = Pattern::new(|| compile(r"\b([0-9a-f]{32}|[0-9a-f]{16})\b"));
static PAIRS: Pattern = Pattern::new(|| compile(PAIR));
static TRACE_IDS: Pattern = Pattern::new(|| compile(TRACE_ID));
static SPAN_IDS: Pattern = Pattern::new(|| compile(SPAN_ID));
static SAMPLE_RANDS: Pattern = Pattern::new(|| compile(SAMPLE_RAND));
static RELEASES: Pattern = Pattern::new(|| compile(RELEASE));

/// A pattern, and the number of the group with the value.
type Pick = (&'static Pattern, usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Trace,
    Span,
    Rand,
    Release,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Trace, Self::Span, Self::Rand, Self::Release];

    fn noun(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Span => "span",
            Self::Rand => "rand",
            Self::Release => "release",
        }
    }

    /// Where the text around a value reveals its kind.
    fn mentioned(self) -> Vec<Pick> {
        match self {
            Self::Trace => vec![(&PAIRS, 1), (&TRACE_IDS, 2)],
            Self::Span => vec![(&PAIRS, 2), (&SPAN_IDS, 2)],
            Self::Rand => vec![(&SAMPLE_RANDS, 2)],
            Self::Release => vec![(&RELEASES, 2)],
        }
    }

    /// Where a known value is replaced: ids also where they occur alone.
    fn replaced(self) -> Vec<Pick> {
        match self {
            Self::Trace | Self::Span => vec![(&BARE, 1)],
            Self::Rand | Self::Release => self.mentioned(),
        }
    }

    /// One spelling for all spellings of a value: the browser prints `0.332200` as `0.3322`, and baggage
    /// percent-encodes what JSON does not.
    fn normal(self, value: &str) -> Cow<'_, str> {
        match self {
            Self::Trace | Self::Span => Cow::Borrowed(value),
            Self::Rand => value.parse::<f64>().map_or(Cow::Borrowed(value), |number| {
                Cow::Owned(number.to_string())
            }),
            Self::Release => percent_encoding::percent_decode_str(value).decode_utf8_lossy(),
        }
    }
}

/// [`redact`] as a list of `insta` filters, for snapshots such as those of `insta::assert_json_snapshot!`, where
/// it cannot be called.
///
/// A filter is a pattern and a replacement, and cannot count. Each trace id becomes `[trace]` and each span id
/// `[span]`, so a snapshot does not show whether two ids are equal. An id without text around it that reveals its
/// kind stays.
///
/// ```
/// # use sentry_ssr::testing::INSTA_FILTERS;
/// insta::with_settings!({ filters => INSTA_FILTERS }, {
///     insta::assert_snapshot!(
///         "771a43a4192642f0b136d5159a501700-1234567890abcdef-1",
///         @"[trace]-[span]-1"
///     );
/// });
/// ```
pub const INSTA_FILTERS: [(&str, &str); 5] = [
    (PAIR, "[trace]-[span]"),
    (TRACE_ID, "$1[trace]"),
    (SPAN_ID, "$1[span]"),
    (SAMPLE_RAND, "$1[rand]"),
    (RELEASE, "$1[release]"),
];

/// Replaces the values that differ from run to run with stable names.
///
/// | value | becomes |
/// | --- | --- |
/// | trace id | `[trace-1]`, `[trace-2]`, … |
/// | span id | `[span-1]`, … |
/// | `sample_rand` | `[rand-1]`, … |
/// | release | `[release-1]`, … |
///
/// Values are numbered in the order of their first occurrence, and equal values have equal names: a snapshot
/// still shows whether the baggage belongs to the trace. Ids are recognised by the text around them
/// (`<trace>-<span>`, `sentry-trace_id=`, `"span_id":`) and then replaced everywhere. Other hexadecimal numbers
/// stay, such as the DSN's public key or the hash in an asset's name, and so do the decision, the rate, the
/// environment and the order of entries.
///
/// The text can be a page, JSON, a header value or `Server-Timing`. Text without a trace is returned unchanged. To
/// keep names across several texts, use a [`Redactor`].
///
/// ```
/// use sentry_ssr::testing::redact;
///
/// let header = "771a43a4192642f0b136d5159a501700-1234567890abcdef-0";
/// assert_eq!(redact(header), "[trace-1]-[span-1]-0");
/// ```
#[must_use]
pub fn redact(text: &str) -> String {
    Redactor::new().redact(text)
}

/// [`redact`] for several texts with common names, such as a page and its envelope.
///
/// ```
/// use sentry_ssr::testing::Redactor;
///
/// let mut redactor = Redactor::new();
/// let page = redactor.redact("771a43a4192642f0b136d5159a501700-1234567890abcdef-1");
/// let call = redactor.redact("771a43a4192642f0b136d5159a501700-fedcba0987654321-1");
/// assert_eq!([page, call], ["[trace-1]-[span-1]-1", "[trace-1]-[span-2]-1"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    seen: Vec<(Kind, String)>,
}

impl Redactor {
    /// A redactor without names.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same as [`redact`], with the names of earlier calls.
    #[must_use]
    pub fn redact(&mut self, text: &str) -> String {
        let mut names: Vec<_> = Kind::ALL
            .iter()
            .flat_map(|kind| self.names(*kind, text))
            .collect();
        names.sort_by_key(|(range, _)| range.start);
        splice(text, names)
    }

    fn names(&mut self, kind: Kind, text: &str) -> Vec<(Range<usize>, String)> {
        for value in values(kind.mentioned(), text) {
            self.remember(kind, value.as_str());
        }
        values(kind.replaced(), text)
            .into_iter()
            .filter_map(|value| Some((value.range(), self.name(kind, value.as_str())?)))
            .collect()
    }

    fn remember(&mut self, kind: Kind, value: &str) {
        if self.name(kind, value).is_none() {
            self.seen.push((kind, kind.normal(value).into_owned()));
        }
    }

    fn name(&self, kind: Kind, value: &str) -> Option<String> {
        let value = kind.normal(value);
        let mut of_kind = self.seen.iter().filter(|(seen, _)| *seen == kind);
        let index = of_kind.position(|(_, seen)| *seen == value)?;
        Some(format!("[{}-{}]", kind.noun(), index + 1))
    }
}

/// The values that these patterns find, in the order of the text.
fn values(places: Vec<Pick>, text: &str) -> Vec<Match<'_>> {
    let mut values: Vec<_> = places
        .into_iter()
        .flat_map(|(pattern, group)| {
            pattern
                .captures_iter(text)
                .filter_map(move |found| found.get(group))
        })
        .collect();
    values.sort_by_key(Match::start);
    values
}

fn splice(text: &str, names: Vec<(Range<usize>, String)>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for (range, name) in names {
        if let Some(between) = text.get(end..range.start) {
            out.push_str(between);
            out.push_str(&name);
            end = range.end;
        }
    }
    out.push_str(text.get(end..).unwrap_or_default());
    out
}
