use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde::Deserialize;

use crate::request::Request;

/// What an SDK does with a request.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Answer {
    Sends(Sent),
    Fails { failure: String },
}

/// What an SDK sends on.
#[derive(Debug, Deserialize)]
pub(crate) struct Sent {
    pub(crate) sentry_trace: String,
    pub(crate) baggage: String,
    pub(crate) parent_span_id: Option<String>,
}

/// What can be compared of an answer: numbers as numbers, and what is random without its value.
pub(crate) type Facts = BTreeMap<String, String>;

/// Whether the trace is continued, and from which span.
pub(crate) const CONTINUES: &str = "continues";

/// What a new trace continues.
pub(crate) const NOTHING: &str = "nothing";

/// Whether the trace is sampled.
pub(crate) const DECISION: &str = "decision";

impl Answer {
    pub(crate) fn facts(&self, request: &Request) -> Facts {
        match self {
            Self::Sends(sent) => sent.facts(request),
            Self::Fails { failure } => Facts::from([(CONTINUES.to_owned(), failure.clone())]),
        }
    }
}

impl Sent {
    fn facts(&self, request: &Request) -> Facts {
        let mut parts = self.sentry_trace.split('-');
        let trace_id = parts.next().unwrap_or_default();
        let sampled = parts.nth(1);
        let parent = self.parent_span_id.as_deref().unwrap_or("no span");
        let mut facts = Facts::from([(DECISION.to_owned(), decision(sampled).to_owned())]);
        facts.insert(
            CONTINUES.to_owned(),
            if request.sentry_trace.contains(trace_id) {
                format!("{trace_id} from {parent}")
            } else {
                NOTHING.to_owned()
            },
        );
        let came = entries(&request.baggage);
        let entries = entries(&self.baggage);
        for (key, value) in &entries {
            let told = match key.as_str() {
                "trace_id" if value == trace_id => "its own".to_owned(),
                "sample_rand" if !is_same_number(came.get(key), value) => {
                    new_rand(&entries, value, request)
                }
                "sample_rand" | "sample_rate" => {
                    number(value).map_or(value.clone(), |n| n.to_string())
                }
                _ => value.clone(),
            };
            facts.insert(format!("entry {key}"), told);
        }
        facts
    }
}

fn decision(sampled: Option<&str>) -> &str {
    match sampled {
        None => "deferred",
        Some("1") => "sampled",
        Some("0") => "not sampled",
        Some(other) => other,
    }
}

/// The entries of a baggage that an SDK has written, or that came well-formed.
fn entries(baggage: &str) -> BTreeMap<String, String> {
    let entries = baggage.split(',').filter_map(|entry| {
        let (key, value) = entry.trim().strip_prefix("sentry-")?.split_once('=')?;
        Some((decode(key), decode(value)))
    });
    entries.collect()
}

fn decode(text: &str) -> String {
    percent_decode_str(text.trim())
        .decode_utf8_lossy()
        .into_owned()
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

fn is_same_number(came: Option<&String>, sent: &str) -> bool {
    came.is_some_and(|came| {
        came == sent || (number(came).is_some() && number(came) == number(sent))
    })
}

/// A random number, told by what it says together with the rate, where anyone has decided.
fn new_rand(entries: &BTreeMap<String, String>, rand: &str, request: &Request) -> String {
    let rate = entries.get("sample_rate").and_then(|rate| number(rate));
    let rate = rate.filter(|_| request.is_decided());
    match (number(rand), rate) {
        (Some(rand), _) if !(0.0..1.0).contains(&rand) => format!("{rand}, no number of a trace"),
        (Some(rand), Some(rate)) if rand < rate => "new, below the rate".to_owned(),
        (Some(_), Some(_)) => "new, not below the rate".to_owned(),
        (Some(_), None) => "new".to_owned(),
        (None, _) => rand.to_owned(),
    }
}
