//! The options of a service, as the text that a configuration of a proxy is made of.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::rate_pattern::RatePattern;
use crate::options::TraceOptions;
use crate::propagation::IncomingTrace;
use crate::sampling::{SampleRate, Sampler};

/// The options of a service, as text that has no special meaning in the language of any configuration.
pub(super) struct ServiceText {
    /// The entries that are the same for all new traces, such as `sentry-public_key=key`.
    pub(super) entries: String,
    /// `None` if the decision is deferred.
    pub(super) rate: Option<Rate>,
    /// Matches the organization that an incoming trace has to name, or not to name.
    pub(super) organizations: String,
    /// Matches the keys that are written anew if a decision is made.
    pub(super) decided: &'static str,
}

pub(super) struct Rate {
    pub(super) text: String,
    pub(super) pattern: RatePattern,
}

/// The most bytes that both values may have in the header of a response.
const LONGEST: usize = 2048;

/// The entries of a new trace that only the proxy knows, and its `sentry-trace`, without the rate.
const ROOM_FOR_TRACE: usize = 256;

impl ServiceText {
    pub(super) fn of(options: &TraceOptions) -> Self {
        let rate = match options.sampler() {
            Sampler::Fixed(rate) => Some(Rate::new(*rate)),
            Sampler::Deferred | Sampler::Function(_) => None,
        };
        let taken = ROOM_FOR_TRACE + rate.as_ref().map_or(0, |rate| rate.text.len());
        Self {
            entries: entries(options, LONGEST.saturating_sub(taken)),
            decided: match rate {
                Some(_) => "sample_rand|sample_rate|sampled",
                None => "sample_rand",
            },
            rate,
            organizations: organizations(options),
        }
    }

    /// The zeros that a `sample_rand` is padded with before it is compared.
    pub(super) fn padding(&self) -> &str {
        self.rate.as_ref().map_or("", |rate| &rate.pattern.padding)
    }
}

impl Rate {
    fn new(rate: SampleRate) -> Self {
        Self {
            text: rate.to_string(),
            pattern: RatePattern::new(rate),
        }
    }

    /// The entries of a decision that follow its `sample_rand`.
    pub(super) fn entries(&self, sampled: bool) -> String {
        format!(",sentry-sample_rate={},sentry-sampled={sampled}", self.text)
    }
}

/// What is safe between double quotes in every configuration. The entries are encoded already; this code does not
/// rely on it.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'%')
    .remove(b'=');

/// The entries of the service, in order. One that does not fit is left out.
fn entries(options: &TraceOptions, room: usize) -> String {
    let mut text = String::new();
    let all = options.service_entries().as_str().split(',');
    for entry in all.filter(|entry| !entry.is_empty()) {
        let entry = utf8_percent_encode(entry, PLAIN).to_string();
        if text.len() + entry.len() < room {
            let comma = if text.is_empty() { "" } else { "," };
            text = format!("{text}{comma}{entry}");
        }
    }
    text
}

/// Asks the options themselves which traces they continue.
fn organizations(options: &TraceOptions) -> String {
    let own = options.service_entries().get("org_id").unwrap_or_default();
    if continues(options, &format!("{own}0")) {
        return "[^ ]*".to_owned();
    }
    match (continues(options, &own), continues(options, "")) {
        (true, true) => format!("(?:{own})?"),
        (true, false) => own.into_owned(),
        (false, true) => String::new(),
        (false, false) => "(?!)".to_owned(),
    }
}

fn continues(options: &TraceOptions, org_id: &str) -> bool {
    let trace = "771a43a4192642f0b136d5159a501700-b7ad6b7169203331";
    IncomingTrace::parse([trace], [format!("sentry-org_id={org_id}")])
        .is_some_and(|incoming| options.continues(&incoming))
}
