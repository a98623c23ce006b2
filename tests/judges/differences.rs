//! Where this crate and a judge differ, and what decides for us.

use std::fmt;

use percent_encoding::percent_decode_str;
use sentry_ssr::{Baggage, SampleRate};

use crate::answer::{CONTINUES, DECISION, NOTHING};
use crate::judge::Judge;
use crate::request::Request;

/// One fact that a judge sees in another way than we do; `None` where one of us does not state it.
#[derive(Debug)]
pub(crate) struct Disagreement<'a> {
    pub(crate) request: &'a Request,
    pub(crate) judge: Judge,
    /// Whether we continue the trace.
    pub(crate) is_continued: bool,
    pub(crate) fact: &'a str,
    pub(crate) ours: Option<&'a str>,
    pub(crate) theirs: Option<&'a str>,
}

impl Disagreement<'_> {
    fn they_alone_continue(&self) -> bool {
        self.fact == CONTINUES && self.ours == Some(NOTHING) && self.theirs != Some(NOTHING)
    }

    fn we_alone_continue(&self) -> bool {
        self.fact == CONTINUES && self.theirs == Some(NOTHING) && self.ours != Some(NOTHING)
    }

    fn is_about(&self, key: &str) -> bool {
        self.fact.strip_prefix("entry ") == Some(key)
    }

    fn is_about_an_entry(&self) -> bool {
        self.fact.starts_with("entry ")
    }

    fn came(&self) -> Baggage {
        Baggage::parse([&self.request.baggage])
    }

    fn came_as<T: std::str::FromStr>(&self, key: &str) -> Option<T> {
        self.came().get(key)?.parse().ok()
    }

    /// Whether the fact comes from an entry whose raw key and value are like this.
    fn comes_from(&self, is_like: impl Fn(&str, &str) -> bool) -> bool {
        let keys: &[&str] = match self.fact {
            CONTINUES => &["org_id"],
            DECISION => &["sample_rand"],
            "entry sample_rand" => &["sample_rand", "sample_rate"],
            entry => &[entry.trim_start_matches("entry ")],
        };
        let entries = self.request.baggage.split(',');
        let mut entries = entries.filter_map(|entry| entry.split_once('='));
        entries
            .any(|(key, value)| keys.iter().any(|wanted| names(key, wanted)) && is_like(key, value))
    }
}

/// Whether a raw key can be read as a key of ours, by whichever reading.
fn names(raw: &str, wanted: &str) -> bool {
    let key = percent_decode_str(raw.trim()).decode_utf8_lossy();
    let key = key.strip_prefix("sentry-").unwrap_or_default();
    key.trim() == wanted.trim() || key.split('-').next() == Some(wanted)
}

fn is_well_encoded(text: &str) -> bool {
    let is_whole = |rest: &str| {
        rest.get(..2)
            .is_some_and(|hex| u8::from_str_radix(hex, 16).is_ok())
    };
    text.split('%').skip(1).all(is_whole) && percent_decode_str(text).decode_utf8().is_ok()
}

impl fmt::Display for Disagreement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let none = "nothing said";
        let (ours, theirs) = (self.ours.unwrap_or(none), self.theirs.unwrap_or(none));
        write!(f, "{:?}, {}: {ours:?} / {theirs:?}", self.judge, self.fact)
    }
}

/// A difference that is known, and why it is right.
pub(crate) struct Difference {
    pub(crate) name: &'static str,
    pub(crate) because: &'static str,
    pub(crate) covers: fn(&Disagreement<'_>) -> bool,
}

pub(crate) const DIFFERENCES: &[Difference] = &[
    Difference {
        name: "an id of zeros is none",
        because: "Trace Context: all bytes as zero is considered an invalid value",
        covers: |it| {
            let zeros = |len| it.request.sentry_trace.contains(&"0".repeat(len));
            it.they_alone_continue() && zeros(16)
        },
    },
    Difference {
        name: "a version is no part of sentry-trace",
        because: "Trace Propagation: no version is being defined in the header",
        covers: |it| it.they_alone_continue() && it.request.sentry_trace.starts_with("00-"),
    },
    Difference {
        name: "both ids and the dash between them are needed",
        because: "Trace Propagation: at a minimum, it's expected: sentry-trace = traceid-spanid",
        covers: |it| {
            let parts: Vec<_> = it.request.sentry_trace.trim().split('-').collect();
            let has_both = parts.len() >= 2 && parts[0].len() == 32 && parts[1].len() == 16;
            it.they_alone_continue() && (!has_both || parts.last() == Some(&""))
        },
    },
    Difference {
        name: "a line break is no part of sentry-trace",
        because: "RFC 9110: a field value has no line breaks",
        covers: |it| it.they_alone_continue() && it.request.sentry_trace.ends_with('\n'),
    },
    Difference {
        name: "of a comma-joined sentry-trace the first value counts",
        because: "RFC 9110: a recipient may combine field lines with commas; Python agrees",
        covers: |it| {
            let is_js = it.judge == Judge::JavaScript;
            is_js && it.we_alone_continue() && it.request.sentry_trace.contains(',')
        },
    },
    Difference {
        name: "a deferring head of trace sends its sample_rand",
        because: "Trace Propagation: it should also be sent if Performance is disabled and sampling \
                  decision is deferred",
        covers: |it| {
            let is_deferring = !it.is_continued && !it.request.service.decides();
            is_deferring && it.is_about("sample_rand") && it.theirs.is_none()
        },
    },
    Difference {
        name: "an incoming decision is passed on without a rate of one's own",
        because: "Trace Propagation: a sampling decision must be passed to all of its children, \
                  including across service boundaries",
        covers: |it| {
            let has_no_rate = !it.request.service.decides();
            has_no_rate && it.fact == DECISION && it.theirs == Some("deferred")
        },
    },
    Difference {
        name: "a trace without a context keeps it empty",
        because: "Dynamic Sampling Context: we don't propagate baggage for this trace",
        covers: |it| {
            let is_empty = it.is_continued && it.came().is_empty();
            is_empty && it.is_about_an_entry() && it.ours.is_none() && !it.comes_from(|_, _| true)
        },
    },
    Difference {
        name: "a sampler is told the caller's rate",
        because: "Trace Propagation: inherit the trace parent's sample rate if there is one; JavaScript agrees",
        covers: |it| {
            let is_told = it.is_continued && it.came_as::<SampleRate>("sample_rate").is_some();
            let is_concerned =
                it.fact == DECISION || it.is_about("sample_rate") || it.is_about("sampled");
            it.judge == Judge::Python && it.request.service.inherits && is_told && is_concerned
        },
    },
    Difference {
        name: "who decides says what it decided",
        because: "Dynamic Sampling Context: when they are known, they must also be included; \
                  sample_rand < sample_rate <=> sampled",
        covers: |it| {
            let is_asked = it.request.decision().is_none() || it.request.service.sampler.is_some();
            let is_decided = it.is_continued && it.request.service.decides();
            is_asked && is_decided && it.is_about("sampled")
        },
    },
    Difference {
        name: "a sample_rand below 1 only",
        because: "Trace Propagation: in the range of [0, 1) (including 0.0, excluding 1.0)",
        covers: |it| {
            let is_affected = it.is_about("sample_rand") || it.fact == DECISION;
            is_affected && it.comes_from(|_, value| value.trim().parse() == Ok(1.0))
        },
    },
    Difference {
        name: "no sample_rand where decision and rate contradict each other",
        because: "Dynamic Sampling Context: sample_rand < sample_rate <=> sampled",
        covers: |it| {
            let rate = it.came_as::<SampleRate>("sample_rate");
            it.is_about("sample_rand") && it.ours.is_none() && rate.is_some()
        },
    },
    Difference {
        name: "properties are no part of a value",
        because: "W3C Baggage: list-member = key OWS \"=\" OWS value *( OWS \";\" OWS property )",
        covers: |it| it.comes_from(|_, value| value.contains(';')),
    },
    Difference {
        name: "white space is no part of a key or value",
        because: "W3C Baggage: list-member = key OWS \"=\" OWS value *( OWS \";\" OWS property )",
        covers: |it| {
            let is_spaced =
                |key: &str, value: &str| key.trim_end() != key || value.trim_start() != value;
            it.judge == Judge::Python && it.comes_from(is_spaced)
        },
    },
    Difference {
        name: "an empty value is a value",
        because: "Dynamic Sampling Context: any values on the DSC must be propagated \"as is\"",
        covers: |it| {
            let is_js = it.judge == Judge::JavaScript;
            let sees_none = it.is_about("sample_rand") && it.theirs.is_none();
            let is_empty = |entry: &str| entry.trim_end().ends_with('=');
            let is_concerned = it.comes_from(|_, value| value.trim().is_empty()) || sees_none;
            is_js && is_concerned && it.request.baggage.split(',').any(is_empty)
        },
    },
    Difference {
        name: "an entry that does not decode is left out",
        because: "RFC 3986: \"%\" introduces two hexadecimal digits; JavaScript agrees",
        covers: |it| {
            let is_bad = |key: &str, value: &str| !is_well_encoded(key) || !is_well_encoded(value);
            it.judge == Judge::Python && it.comes_from(is_bad)
        },
    },
    Difference {
        name: "a key may hold a hyphen",
        because: "Dynamic Sampling Context: all of the keys in the form of sentry-[name]; JavaScript \
                  agrees",
        covers: |it| {
            let is_hyphened = |key: &str, _: &str| key.matches('-').count() > 1;
            it.judge == Judge::Python && it.comes_from(is_hyphened)
        },
    },
    Difference {
        name: "a key is percent-encoded too",
        because: "Dynamic Sampling Context: URI encoded key-value pairs; JavaScript agrees",
        covers: |it| {
            let is_prefix = it.request.baggage.starts_with("%73entry-");
            it.judge == Judge::Python && (is_prefix || it.comes_from(|key, _| key.contains('%')))
        },
    },
    Difference {
        name: "baggage without ids is ignored",
        because: "Trace Propagation: a sentry-trace header must never consist solely of a sampling \
                  decision; JavaScript agrees",
        covers: |it| {
            let has_no_id = it.request.sentry_trace.trim().len() < 16;
            it.judge == Judge::Python && has_no_id
        },
    },
    Difference {
        name: "an empty organization id is none",
        because: "Trace Propagation: if exactly one value is present; JavaScript agrees",
        covers: |it| {
            it.judge == Judge::Python
                && it.we_alone_continue()
                && it.comes_from(|_, value| value.trim().is_empty())
        },
    },
    Difference {
        name: "a rate is a number from 0 to 1",
        because: "Dynamic Sampling Context: always a number between (and including) 0 and 1; \
                  JavaScript agrees",
        covers: |it| {
            let is_concerned = it.is_about("sample_rand") || it.fact == CONTINUES;
            let is_none = it.came().get("sample_rate").is_some()
                && it.came_as::<SampleRate>("sample_rate").is_none();
            it.judge == Judge::Python && is_concerned && is_none
        },
    },
    Difference {
        name: "an entry has a name",
        because: "Dynamic Sampling Context: all of the keys in the form of sentry-[name]",
        covers: |it| it.is_about(""),
    },
];
