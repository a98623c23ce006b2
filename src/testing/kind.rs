//! The kinds of value that differ from run to run, and how each is recognised in a text.

use std::borrow::Cow;

use super::{Pattern, compile};

/// What stands before a value: `sentry-key=` in baggage, `"key":` in JSON, either of them escaped
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

/// A pattern and which of its groups holds the value.
pub(super) type Place = (&'static Pattern, usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Trace,
    Span,
    Rand,
    Release,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::Trace, Self::Span, Self::Rand, Self::Release];

    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Span => "span",
            Self::Rand => "rand",
            Self::Release => "release",
        }
    }

    /// Where what stands around a value tells its kind.
    pub(super) fn mentioned(self) -> Vec<Place> {
        match self {
            Self::Trace => vec![(&PAIRS, 1), (&TRACE_IDS, 2)],
            Self::Span => vec![(&PAIRS, 2), (&SPAN_IDS, 2)],
            Self::Rand => vec![(&SAMPLE_RANDS, 2)],
            Self::Release => vec![(&RELEASES, 2)],
        }
    }

    /// Where a value is replaced once it was mentioned: ids also where they stand alone.
    pub(super) fn replaced(self) -> Vec<Place> {
        match self {
            Self::Trace | Self::Span => vec![(&BARE, 1)],
            Self::Rand | Self::Release => self.mentioned(),
        }
    }

    /// One spelling for all spellings of a value: the browser prints `0.332200` as `0.3322`, and
    /// baggage percent-encodes what JSON shows plainly.
    pub(super) fn normal(self, value: &str) -> Cow<'_, str> {
        match self {
            Self::Trace | Self::Span => Cow::Borrowed(value),
            Self::Rand => value.parse::<f64>().map_or(Cow::Borrowed(value), |number| {
                Cow::Owned(number.to_string())
            }),
            Self::Release => percent_encoding::percent_decode_str(value).decode_utf8_lossy(),
        }
    }
}

/// [`redact`](super::redact()) as a list of `insta` filters, for snapshots that are taken where it can
/// not be called, such as those of `insta::assert_json_snapshot!`.
///
/// A filter is a pattern and a replacement and can not count. What the list keeps: which kind of value
/// stands where, and all that `redact` keeps. What it loses: whether two ids are the same, as each
/// trace id becomes `[trace]` and each span id `[span]`; and an id with nothing around it that tells
/// its kind is left as it is.
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
