//! What holds for every request, whatever came with it: for the property tests and the fuzz targets.

mod model;

use std::collections::HashSet;

use sentry_ssr::{
    Baggage, IncomingTrace, RootSpan, SampleRand, SampleRate, SentryTrace, TraceOptions,
    TransactionName,
};

use self::model::Parts;

/// What a caller sent: all values of its two headers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Caller {
    pub(crate) sentry_trace: Vec<Vec<u8>>,
    pub(crate) baggage: Vec<Vec<u8>>,
}

/// How the service is set up.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Service {
    pub(crate) rate: Option<f64>,
    pub(crate) org_id: Option<u64>,
    pub(crate) is_strict: bool,
}

const ROUTE: TransactionName<'_> = TransactionName::route("GET", "/users/{id}");

impl Service {
    pub(crate) fn options(self) -> TraceOptions {
        let mut options = TraceOptions::new()
            .release("ours@1")
            .strict_trace_continuation(self.is_strict);
        if let Some(rate) = self.rate {
            options = options.traces_sample_rate(rate).unwrap();
        }
        if let Some(org_id) = self.org_id {
            options = options.org_id(org_id);
        }
        options
    }

    fn continues(self, entries: &[(String, String)]) -> bool {
        let theirs = value(entries, "org_id").filter(|id| !id.is_empty());
        match (theirs, self.org_id) {
            (Some(theirs), Some(ours)) => theirs == ours.to_string(),
            (None, None) => true,
            _ => !self.is_strict,
        }
    }
}

/// Serves one request and checks all rules.
pub(crate) fn check(caller: &Caller, service: Service) {
    let incoming = IncomingTrace::parse(&caller.sentry_trace, &caller.baggage);
    let span = RootSpan::start(&service.options(), incoming, &ROUTE);
    let came = model::entries(&caller.baggage);
    let trace = model::sentry_trace(&caller.sentry_trace);
    if let Some(trace) = trace.filter(|_| service.continues(&came)) {
        continues(&span, &trace, service);
        passes_on(&span, &came, caller);
        explains_the_decision(&span, &came);
    } else {
        starts_anew(&span, service);
        explains_the_decision(&span, &[]);
    }
    prints_safely(&span);
    reads_back(&span);
}

fn continues(span: &RootSpan, trace: &Parts, service: Service) {
    assert_eq!(span.trace_id().to_string(), trace.trace);
    assert_eq!(span.parent_span_id().unwrap().to_string(), trace.span);
    assert_ne!(span.span_id().to_string(), trace.span);
    match trace.sampled {
        Some(sampled) => assert_eq!(span.sampled(), Some(sampled), "inherited"),
        None => assert_eq!(span.sampled().is_some(), service.rate.is_some()),
    }
}

/// What came leaves as it came; the sampling entries may be made good.
fn passes_on(span: &RootSpan, came: &[(String, String)], caller: &Caller) {
    let left = entries(span.baggage());
    for (key, sent) in &left {
        let is_ours = is_sampling(key) && value(came, key).is_none_or(|value| value != sent);
        assert!(
            is_ours || value(came, key) == Some(sent.as_str()),
            "{key}={sent} did not come"
        );
    }
    let size: usize = caller.baggage.iter().map(Vec::len).sum();
    if 3 * size < Baggage::MAX_LEN / 2 {
        let rest = |all: &[(String, String)]| -> Vec<_> {
            all.iter()
                .filter(|(key, _)| !is_sampling(key))
                .cloned()
                .collect()
        };
        assert_eq!(rest(&left), rest(came), "all that came, in its order");
    }
    assert!(!came.is_empty() || left.is_empty(), "empty stays empty");
}

fn starts_anew(span: &RootSpan, service: Service) {
    assert_eq!(span.parent_span_id(), None);
    assert_eq!(span.sampled().is_some(), service.rate.is_some());
    let mut expected = vec![
        ("trace_id", Some(span.trace_id().to_string())),
        ("release", Some("ours@1".to_owned())),
        ("org_id", service.org_id.map(|id| id.to_string())),
        (
            "sample_rand",
            Some(SampleRand::of(span.trace_id()).to_string()),
        ),
    ];
    if let Some(sampled) = span.sampled() {
        let rate = SampleRate::try_from(service.rate.unwrap()).unwrap();
        expected.push(("sample_rate", Some(rate.to_string())));
        expected.push(("sampled", Some(sampled.to_string())));
        expected.push(("transaction", Some(ROUTE.to_string())));
    }
    let expected: Vec<_> = expected
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect();
    assert_eq!(entries(span.baggage()), expected);
}

/// `sample_rand < sample_rate ⇔ sampled`, unless it was false already when it came.
fn explains_the_decision(span: &RootSpan, came: &[(String, String)]) {
    let left = entries(span.baggage());
    let Some((rand, rate, sampled)) = numbers(&left, span.sampled()) else {
        return;
    };
    let contradicted = numbers(came, span.sampled())
        .is_some_and(|(rand, rate, sampled)| rand.is_below(rate) != sampled);
    let is_passed_on = value(came, "sample_rate") == value(&left, "sample_rate")
        && value(came, "sample_rand") == value(&left, "sample_rand");
    if !(contradicted && is_passed_on) {
        assert_eq!(rand.is_below(rate), sampled, "{}", span.baggage());
    }
}

fn numbers(
    entries: &[(String, String)],
    sampled: Option<bool>,
) -> Option<(SampleRand, SampleRate, bool)> {
    let rand = value(entries, "sample_rand")?.parse().ok()?;
    let rate = value(entries, "sample_rate")?.parse().ok()?;
    Some((rand, rate, sampled?))
}

/// Nothing in a tag needs escaping, and there are exactly our tags.
fn prints_safely(span: &RootSpan) {
    let baggage = span.baggage().as_str();
    let is_safe = |byte: u8| byte.is_ascii_graphic() && !br#""'<>&`\;"#.contains(&byte);
    assert!(baggage.bytes().all(is_safe), "{baggage}");
    assert!(baggage.len() <= Baggage::MAX_LEN);
    let trace = span.sentry_trace();
    let mut tags = vec![format!(r#"<meta name="sentry-trace" content="{trace}">"#)];
    if !baggage.is_empty() {
        tags.push(format!(r#"<meta name="baggage" content="{baggage}">"#));
    }
    assert_eq!(span.meta_tags().to_string(), tags.concat());
}

fn reads_back(span: &RootSpan) {
    let trace: SentryTrace = span.sentry_trace().to_string().parse().unwrap();
    assert_eq!(trace, span.sentry_trace());
    check_baggage(span.baggage());
}

/// What holds for every baggage: it is a list of whole entries, one a key, and reads back the same.
pub(crate) fn check_baggage(baggage: &Baggage) {
    assert!(baggage.as_str().len() <= Baggage::MAX_LEN);
    assert_eq!(&Baggage::parse([baggage.as_str()]), baggage, "read back");
    let entries = entries(baggage);
    let written = baggage
        .as_str()
        .split(',')
        .filter(|entry| !entry.is_empty());
    assert_eq!(entries.len(), written.count(), "whole entries");
    let keys: HashSet<&String> = entries.iter().map(|(key, _)| key).collect();
    assert_eq!(keys.len(), entries.len(), "a key stands once");
    assert!(keys.iter().all(|key| !key.is_empty()));
    assert_eq!(
        model::entries(&[baggage.as_str().into()]),
        entries,
        "a second reading"
    );
}

fn entries(baggage: &Baggage) -> Vec<(String, String)> {
    let entries = baggage.iter();
    entries
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect()
}

fn value<'a>(entries: &'a [(String, String)], key: &str) -> Option<&'a str> {
    entries
        .iter()
        .find(|(other, _)| other == key)
        .map(|(_, value)| value.as_str())
}

fn is_sampling(key: &str) -> bool {
    matches!(key, "sample_rand" | "sample_rate" | "sampled")
}
