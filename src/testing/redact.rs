//! Stable names for the values that differ from run to run.

use std::ops::Range;

use regex::Match;

use super::kind::{Kind, Place};

/// Replaces what differs from run to run by a stable name.
///
/// | value | becomes |
/// | --- | --- |
/// | trace id | `[trace-1]`, `[trace-2]`, … |
/// | span id | `[span-1]`, … |
/// | `sample_rand` | `[rand-1]`, … |
/// | release | `[release-1]`, … |
///
/// Names are given in the order in which the values first stand in the text, and the same value gets
/// the same name each time: a snapshot still shows whether the baggage belongs to the trace. Ids are
/// recognised by what stands around them (`<trace>-<span>`, `sentry-trace_id=`, `"span_id":`) and are
/// then replaced everywhere in the text; other hexadecimal numbers, such as the DSN's public key or
/// the hash in an asset's name, stay. Decision, rate, environment and the order of entries stay too.
///
/// Any text will do: a page, JSON, a header value, `Server-Timing`. Text without a trace comes back
/// unchanged. To keep names over several texts use a [`Redactor`].
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

/// [`redact`] for several texts that share their names: a page and the envelope it belongs to.
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
    /// A redactor that has seen nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Does what [`redact`] does, with the names given in earlier calls.
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

/// The values at these places, in the order of the text.
fn values(places: Vec<Place>, text: &str) -> Vec<Match<'_>> {
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
