//! What holds for all values, found by trying many of them.

#[path = "../rules/callers.rs"]
mod callers;
#[path = "../rules/mod.rs"]
mod rules;

use std::fmt::{Debug, Display};
use std::str::FromStr;

use proptest::prelude::*;
use proptest::sample::select;
use scraper::{Html, Selector};
use sentry_ssr::{
    Baggage, IncomingTrace, RootSpan, SampleRand, SampleRate, SentryTrace, SpanId, TraceData,
    TraceId, TraceOptions, TransactionName,
};

use crate::strategies;

const ROUTE: TransactionName<'_> = TransactionName::route("GET", "/");

/// Whatever parses prints to a text that parses to the same value and prints the same again.
fn prints_what_it_reads<T: FromStr + Display + PartialEq + Debug>(text: &str) {
    if let Ok(value) = text.parse::<T>() {
        let printed = value.to_string();
        assert_eq!(
            printed.parse::<T>().ok().as_ref(),
            Some(&value),
            "{printed}"
        );
        assert_eq!(printed.parse::<T>().ok().unwrap().to_string(), printed);
    }
}

fn head(options: &TraceOptions) -> RootSpan {
    RootSpan::start(options, None, &ROUTE)
}

fn entry(options: &TraceOptions, key: &str) -> Option<String> {
    let span = head(options);
    let value = span.dynamic_sampling_context().get(key);
    value.map(std::borrow::Cow::into_owned)
}

fn trace_id() -> impl Strategy<Value = TraceId> {
    any::<[u8; 16]>().prop_filter_map("all zero", TraceId::from_bytes)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_request_keeps_the_rules(
        caller in callers::caller(),
        service in callers::service(),
    ) {
        rules::check(&caller, service);
    }

    #[test]
    fn any_baggage_reads_back(
        headers in prop::collection::vec(strategies::baggage(), 0..4),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        rules::check_baggage(&Baggage::parse(&headers));
        rules::check_baggage(&Baggage::parse([bytes]));
    }

    #[test]
    fn baggage_of_any_length_is_cut_at_whole_entries(
        entries in prop::collection::vec((0..60_u8, select(vec!["", "%20", "\""]), 0..300_usize), 0..90),
        last in "[y]{0,40}",
    ) {
        let entries = entries.into_iter().map(|(key, start, len)| format!("sentry-k{key}={start}{}", "x".repeat(len)));
        let entries: Vec<_> = entries.collect();
        let header = format!("{},sentry-public_key=key,sentry-trace_id={last}", entries.join(","));
        let baggage = Baggage::parse([&header]);
        rules::check_baggage(&baggage);
        assert_eq!(baggage.get("trace_id").as_deref(), Some(last.as_str()));
        assert_eq!(baggage.get("public_key").as_deref(), Some("key"));
    }

    #[test]
    fn an_html_parser_reads_the_values_back(caller in callers::caller()) {
        let incoming = IncomingTrace::parse(&caller.sentry_trace, &caller.baggage);
        let span = RootSpan::start(&TraceOptions::new(), incoming, &ROUTE);
        let page = format!("<!doctype html><head>{}<title>t</title></head>", span.meta_tags());
        let page = Html::parse_document(&page);
        let children = page.select(&Selector::parse("head > *").unwrap()).count();
        let metas = Selector::parse("head > meta").unwrap();
        let contents: Vec<_> = page.select(&metas).filter_map(|meta| meta.attr("content")).collect();
        let trace = span.sentry_trace().to_string();
        let baggage = Some(span.baggage().as_str()).filter(|baggage| !baggage.is_empty());
        let expected: Vec<_> = [trace.as_str()].into_iter().chain(baggage).collect();
        assert_eq!(&contents, &expected);
        assert_eq!(children, expected.len() + 1, "the tags and the title");
    }

    #[test]
    fn ids_print_what_they_read(
        text in "[0-9a-f]{32}|[0-9a-fA-F]{16}|[0-9a-f]{15,17}|[0-9a-f]{31,33}|\\PC{0,40}",
    ) {
        prints_what_it_reads::<TraceId>(&text);
        prints_what_it_reads::<SpanId>(&text);
    }

    #[test]
    fn ids_are_their_bytes(trace in any::<[u8; 16]>(), span in any::<[u8; 8]>()) {
        if let (Some(trace), Some(span)) = (TraceId::from_bytes(trace), SpanId::from_bytes(span)) {
            let value = SentryTrace::new(trace, span, None);
            assert_eq!(value.to_string(), format!("{trace}-{span}"));
            assert_eq!(value.to_string().parse(), Ok(value));
        }
    }

    #[test]
    fn sentry_traces_print_what_they_read(text in strategies::sentry_trace()) {
        prints_what_it_reads::<SentryTrace>(&text);
        if let Ok(trace) = text.parse::<SentryTrace>() {
            assert_eq!(text.trim_matches([' ', '\t']), trace.to_string());
        }
    }

    #[test]
    fn numbers_print_what_they_read(
        text in "-?[0-9]{0,3}\\.?[0-9]{0,20}(e-?[0-9]{1,3})?|NaN|-?inf|\\PC{0,9}",
        bits in any::<f64>(),
        unit in 0.0..=1.0_f64,
    ) {
        for text in [text, bits.to_string(), unit.to_string(), format!("{unit:e}")] {
            prints_what_it_reads::<SampleRate>(&text);
            prints_what_it_reads::<SampleRand>(&text);
        }
    }

    #[test]
    fn rates_are_the_numbers_from_0_to_1(number in prop_oneof![any::<f64>(), -1.0..2.0]) {
        let is_rate = (0.0..=1.0).contains(&number);
        assert_eq!(SampleRate::try_from(number).is_ok(), is_rate);
        assert_eq!(TraceOptions::new().traces_sample_rate(number).is_ok(), is_rate);
        assert_eq!(number.to_string().parse::<SampleRate>().is_ok(), is_rate);
        assert_eq!(number.to_string().parse::<SampleRand>().is_ok(), is_rate && number < 1.0);
    }

    #[test]
    fn millionths_are_compared_in_decimal(rand in 0..1_000_000_u32, rate in 0..=1_000_000_u32) {
        let number: SampleRand = format!("0.{rand:06}").parse().unwrap();
        let limit = format!("{}.{:06}", rate / 1_000_000, rate % 1_000_000).parse().unwrap();
        assert_eq!(number.is_below(limit), rand < rate);
        assert_eq!(number.to_string(), format!("0.{rand:06}"));
    }

    #[test]
    fn a_rand_explains_the_decision_or_there_is_none(
        id in trace_id(),
        rate in prop_oneof![0.0..=1.0_f64, 0.0..1e-5_f64, 0.99999..=1.0_f64],
        sampled: bool,
    ) {
        let rate = SampleRate::try_from(rate).unwrap();
        let last: SampleRand = "0.999999".parse().unwrap();
        match SampleRand::explaining(sampled, rate, id) {
            Some(rand) => assert_eq!(rand.is_below(rate), sampled),
            None if sampled => assert_eq!(rate, SampleRate::ZERO),
            None => assert!(last.is_below(rate), "{rate} leaves no millionth above it"),
        }
    }

    #[test]
    fn what_a_service_says_of_itself_arrives(
        release in "\\PC{0,40}",
        environment in any::<String>(),
        name in any::<String>(),
    ) {
        let options = TraceOptions::new().release(&release).environment(&environment);
        let options = options.traces_sample_rate(1.0).unwrap();
        let span = head(&options);
        assert!(span.set_name(&name));
        rules::check_baggage(span.baggage());
        let context = span.dynamic_sampling_context();
        let read = |key| context.get(key).map(std::borrow::Cow::into_owned);
        let known = |text: String| Some(text).filter(|text| !text.trim().is_empty());
        assert_eq!(read("release"), known(release));
        assert_eq!(read("environment"), known(environment));
        assert_eq!(read("transaction"), Some(name).filter(|name| !name.is_empty()));
    }

    #[test]
    fn a_dsn_gives_its_key_and_organization(
        key in "[0-9a-f]{1,32}",
        secret in "(:[0-9a-f]{1,8})?",
        org in prop::option::of(any::<u64>()),
        region in "(\\.us|\\.de)?",
        path in "(/[a-z]{1,5}){0,2}",
        project in any::<u32>(),
    ) {
        let org_label = org.map_or("sentry".to_owned(), |org| format!("o{org}.ingest"));
        let dsn = format!("https://{key}{secret}@{org_label}{region}.sentry.io{path}/{project}");
        let options = TraceOptions::new().dsn(&dsn).unwrap();
        assert_eq!(entry(&options, "public_key"), Some(key));
        assert_eq!(entry(&options, "org_id"), org.map(|org| org.to_string()));
    }

    #[test]
    fn any_dsn_is_read_or_refused(text in "(https?://)?\\PC{0,12}(@|:|/|\\PC){0,9}") {
        if let Ok(options) = TraceOptions::new().dsn(&text) {
            rules::check_baggage(head(&options).baggage());
            assert!(entry(&options, "public_key").is_some_and(|key| text.contains(&key)));
        }
    }

    #[test]
    fn trace_data_reads_back(caller in callers::caller(), service in callers::service()) {
        let incoming = IncomingTrace::parse(&caller.sentry_trace, &caller.baggage);
        let data = RootSpan::start(&service.options(), incoming, &ROUTE).trace_data();
        let json = serde_json::to_value(&data).unwrap();
        assert_eq!(serde_json::from_value::<TraceData>(json).unwrap(), data);
    }
}
