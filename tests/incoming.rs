//! What comes in, and what goes out for it: one line a rule.

use sentry_ssr::{IncomingTrace, RootSpan, SampleRand, SampleRate, TraceOptions, TransactionName};

const TRACE: &str = "771a43a4192642f0b136d5159a501700";
const SPAN: &str = "b7ad6b7169203331";

/// What a caller sent, and how this service is set up.
#[derive(Default)]
struct Scenario {
    sentry_trace: String,
    baggage: &'static str,
    options: TraceOptions,
}

impl Scenario {
    fn head(options: TraceOptions) -> Self {
        Self {
            options,
            ..Self::default()
        }
    }

    /// `flag` is what stands behind the ids: `-1`, `-0` or nothing.
    fn called(flag: &str, baggage: &'static str) -> Self {
        let sentry_trace = format!("{TRACE}-{SPAN}{flag}");
        Self {
            sentry_trace,
            baggage,
            ..Self::default()
        }
    }

    fn with(self, options: TraceOptions) -> Self {
        Self { options, ..self }
    }

    fn span(&self) -> RootSpan {
        let incoming = IncomingTrace::parse([&self.sentry_trace], [self.baggage]);
        RootSpan::start(
            &self.options,
            incoming,
            &TransactionName::route("GET", "/users/{id}"),
        )
    }

    /// The value of `sentry-trace` without the span id, which is ours and new.
    fn trace_and_decision(&self) -> String {
        let span = self.span();
        span.sentry_trace()
            .to_string()
            .replace(&span.span_id().to_string(), "*")
    }

    #[track_caller]
    fn continues_with(&self, decision: &str, baggage: &str) {
        assert_eq!(self.trace_and_decision(), format!("{TRACE}-*{decision}"));
        assert_eq!(self.span().baggage().as_str(), baggage);
    }

    #[track_caller]
    fn starts_a_new_trace(&self) {
        let span = self.span();
        assert_ne!(span.trace_id().to_string(), TRACE);
        assert_eq!(span.parent_span_id(), None);
        let context = span.dynamic_sampling_context();
        assert_eq!(
            context.get("trace_id").unwrap(),
            span.trace_id().to_string()
        );
        assert_eq!(
            context.get("release").as_deref(),
            None,
            "nothing of the caller's baggage"
        );
    }
}

fn options() -> TraceOptions {
    TraceOptions::new()
}

fn rate(rate: f64) -> TraceOptions {
    options().traces_sample_rate(rate).unwrap()
}

fn entries(span: &RootSpan) -> Vec<(String, String)> {
    let baggage = span.baggage();
    baggage
        .iter()
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect()
}

#[track_caller]
fn assert_invariant(span: &RootSpan) {
    let context = span.dynamic_sampling_context();
    let rand: SampleRand = context.get("sample_rand").unwrap().parse().unwrap();
    let rate: SampleRate = context.get("sample_rate").unwrap().parse().unwrap();
    let sampled: bool = context.get("sampled").unwrap().parse().unwrap();
    assert_eq!(rand.is_below(rate), sampled, "{context}");
    assert_eq!(span.sampled(), Some(sampled));
}

#[test]
fn head_without_sentry_trace() {
    Scenario::head(options()).starts_a_new_trace();
    Scenario {
        baggage: "sentry-release=theirs",
        ..Scenario::default()
    }
    .starts_a_new_trace();
}

#[test]
fn head_where_sentry_trace_does_not_parse() {
    for sentry_trace in [
        "nonsense".to_owned(),
        format!("{}-{SPAN}-1", "0".repeat(32)),
        format!("{TRACE}-{}-1", "0".repeat(16)),
        format!("{TRACE}-{SPAN}-7"),
    ] {
        let baggage = "sentry-release=theirs";
        Scenario {
            sentry_trace,
            baggage,
            ..Scenario::default()
        }
        .starts_a_new_trace();
    }
}

#[test]
fn head_tells_all_it_knows() {
    let options = rate(1.0)
        .dsn("https://key@o7.ingest.de.sentry.io/42")
        .unwrap()
        .release("shop@1.0 é")
        .environment("production");
    let span = Scenario::head(options).span();
    let trace_id = span.trace_id().to_string();
    let rand = SampleRand::of(span.trace_id()).to_string();
    let expected = [
        ("trace_id", trace_id.as_str()),
        ("public_key", "key"),
        ("release", "shop@1.0 é"),
        ("environment", "production"),
        ("org_id", "7"),
        ("sample_rand", &rand),
        ("sample_rate", "1"),
        ("sampled", "true"),
        ("transaction", "GET /users/{id}"),
    ];
    assert_eq!(
        entries(&span),
        expected.map(|(key, value)| (key.to_owned(), value.to_owned()))
    );
}

#[test]
fn head_without_a_rate_defers() {
    let span = Scenario::head(options().release("shop@1")).span();
    assert_eq!(span.sampled(), None);
    assert_eq!(
        span.sentry_trace().to_string(),
        format!("{}-{}", span.trace_id(), span.span_id())
    );
    let keys: Vec<_> = entries(&span).into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["trace_id", "release", "sample_rand"]);
}

#[test]
fn head_at_rate_zero_decides_against() {
    let span = Scenario::head(rate(0.0)).span();
    assert_eq!(span.sampled(), Some(false));
    let context = span.dynamic_sampling_context();
    assert_eq!(context.get("sample_rate").as_deref(), Some("0"));
    assert_eq!(context.get("sampled").as_deref(), Some("false"));
}

#[test]
fn head_decides_exactly_by_rand_and_rate() {
    for number in [0.0, 1e-6, 0.1, 0.25, 0.5, 0.9, 1.0] {
        for _ in 0..500 {
            let span = Scenario::head(rate(number)).span();
            assert_invariant(&span);
        }
    }
}

#[test]
fn head_asks_the_sampler_with_the_name() {
    let options = options().traces_sampler(|context| {
        assert!(!context.is_continued());
        if context.name().to_string() == "GET /users/{id}" {
            1.0
        } else {
            0.0
        }
    });
    let span = Scenario::head(options).span();
    assert_eq!(span.sampled(), Some(true));
    assert_invariant(&span);
}

#[test]
fn an_answer_of_the_sampler_that_is_no_rate_is_a_decision_against() {
    for answer in [2.0, -1.0, f64::NAN, f64::INFINITY] {
        let span = Scenario::head(options().traces_sampler(move |_| answer)).span();
        assert_eq!(span.sampled(), Some(false), "{answer}");
        assert_invariant(&span);
    }
}

#[test]
fn head_keeps_the_name_of_a_url_to_itself() {
    let name = TransactionName::url("GET", "/users/ada");
    let span = RootSpan::start(&rate(1.0), None, &name);
    assert_eq!(span.dynamic_sampling_context().get("transaction"), None);
}

#[test]
fn continued_without_sentry_entries_stays_empty() {
    Scenario::called("-1", "")
        .with(rate(1.0))
        .continues_with("-1", "");
    Scenario::called("-1", "vendor=1")
        .with(rate(1.0))
        .continues_with("-1", "");
    Scenario::called("", "vendor=1")
        .with(options().release("ours"))
        .continues_with("", "");
}

#[test]
fn continued_and_deferred_without_sentry_entries_is_decided_here_and_stays_empty() {
    Scenario::called("", "")
        .with(rate(1.0))
        .continues_with("-1", "");
    Scenario::called("", "")
        .with(rate(0.0))
        .continues_with("-0", "");
}

#[test]
fn continued_entries_are_frozen_as_they_came() {
    let came =
        "sentry-release=theirs,sentry-new_key=%C3%A9,sentry-sample_rand=0.5,sentry-environment=x";
    let ours = rate(1.0)
        .release("ours")
        .environment("ours")
        .dsn("https://key@localhost/1")
        .unwrap();
    Scenario::called("-0", came)
        .with(ours)
        .continues_with("-0", came);
}

#[test]
fn continued_entries_of_others_are_not_copied() {
    Scenario::called("-1", "vendor=1,sentry-sample_rand=0.5,other=2;sentry-x=1")
        .continues_with("-1", "sentry-sample_rand=0.5");
}

#[test]
fn inherited_decision_wins_over_a_rate() {
    let came = "sentry-sample_rand=0.5";
    Scenario::called("-1", came)
        .with(rate(0.0))
        .continues_with("-1", came);
    Scenario::called("-0", came)
        .with(rate(1.0))
        .continues_with("-0", came);
}

fn sampler(rate: f64) -> TraceOptions {
    options().traces_sampler(move |_| rate)
}

#[test]
fn sampler_outranks_the_decision_of_the_caller() {
    let came = "sentry-sample_rand=0.5,sentry-sample_rate=0.6,sentry-sampled=true";
    Scenario::called("-1", came)
        .with(sampler(0.5))
        .continues_with(
            "-0",
            "sentry-sample_rand=0.5,sentry-sample_rate=0.5,sentry-sampled=false",
        );
    let came = "sentry-sample_rand=0.5,sentry-sample_rate=0.25,sentry-sampled=false";
    Scenario::called("-0", came)
        .with(sampler(0.75))
        .continues_with(
            "-1",
            "sentry-sample_rand=0.5,sentry-sample_rate=0.75,sentry-sampled=true",
        );
    Scenario::called("-0", came)
        .with(sampler(7.0))
        .continues_with(
            "-0",
            "sentry-sample_rand=0.5,sentry-sample_rate=0,sentry-sampled=false",
        );
}

#[test]
fn sampler_that_returns_the_rate_of_the_caller_keeps_its_decision() {
    for (flag, came) in [
        (
            "-1",
            "sentry-sample_rand=0.1,sentry-sample_rate=0.25,sentry-sampled=true",
        ),
        (
            "-0",
            "sentry-sample_rand=0.3,sentry-sample_rate=0.25,sentry-sampled=false",
        ),
        // Whatever the number says.
        (
            "-1",
            "sentry-sample_rand=0.9,sentry-sample_rate=0.25,sentry-sampled=true",
        ),
    ] {
        Scenario::called(flag, came)
            .with(sampler(0.25))
            .continues_with(flag, came);
        let inherits = options().traces_sampler(|context| context.inherit_or_sample_with(0.5));
        Scenario::called(flag, came)
            .with(inherits)
            .continues_with(flag, came);
    }
}

#[test]
fn sampler_that_inherits_without_a_rate_of_the_caller_keeps_its_decision() {
    let inherits = || options().traces_sampler(|context| context.inherit_or_sample_with(0.5));
    let came = "sentry-sample_rand=0.7";
    Scenario::called("-1", came)
        .with(inherits())
        .continues_with(
            "-1",
            "sentry-sample_rand=0.7,sentry-sample_rate=1,sentry-sampled=true",
        );
    Scenario::called("-0", came)
        .with(inherits())
        .continues_with(
            "-0",
            "sentry-sample_rand=0.7,sentry-sample_rate=0,sentry-sampled=false",
        );
    Scenario::called("", came).with(inherits()).continues_with(
        "-0",
        "sentry-sample_rand=0.7,sentry-sample_rate=0.5,sentry-sampled=false",
    );
}

#[test]
fn sampler_overrules_a_caller_without_a_context_and_the_context_stays_empty() {
    Scenario::called("-1", "")
        .with(sampler(0.0))
        .continues_with("-0", "");
    Scenario::called("-0", "")
        .with(sampler(1.0))
        .continues_with("-1", "");
}

#[test]
fn sampler_sees_the_decision_and_the_rate_of_the_caller() {
    for (flag, baggage, sampled, rate) in [
        ("-1", "sentry-sample_rate=0.25", Some(true), Some(0.25)),
        ("-0", "sentry-sample_rate=2", Some(false), None),
        ("", "sentry-release=1", None, None),
    ] {
        let options = options().traces_sampler(move |context| {
            assert_eq!(context.parent_sampled(), sampled);
            assert_eq!(context.parent_sample_rate().map(SampleRate::get), rate);
            assert_eq!(context.op(), "http.server");
            assert!(context.is_continued());
            0.0
        });
        let span = Scenario::called(flag, baggage).with(options).span();
        assert_eq!(span.trace_id().to_string(), TRACE);
    }
}

#[test]
fn deferred_decision_is_made_here_with_the_number_that_came() {
    let came = "sentry-trace_id=x,sentry-sample_rand=0.25";
    Scenario::called("", came).with(rate(0.25)).continues_with(
        "-0",
        "sentry-trace_id=x,sentry-sample_rand=0.25,sentry-sample_rate=0.25,sentry-sampled=false",
    );
    Scenario::called("", came).with(rate(0.250_001)).continues_with(
        "-1",
        "sentry-trace_id=x,sentry-sample_rand=0.25,sentry-sample_rate=0.250001,sentry-sampled=true",
    );
}

#[test]
fn deferred_decision_made_here_replaces_the_rate_that_came() {
    let came = "sentry-sample_rate=0.9,sentry-sampled=true,sentry-sample_rand=0.5";
    Scenario::called("", came).with(rate(0.1)).continues_with(
        "-0",
        "sentry-sample_rand=0.5,sentry-sample_rate=0.1,sentry-sampled=false",
    );
}

#[test]
fn deferred_decision_stays_deferred_without_a_rate() {
    let came = "sentry-sample_rand=0.5,sentry-release=theirs";
    Scenario::called("", came).continues_with("", came);
}

#[test]
fn deferred_sampler_knows_that_there_is_a_caller() {
    let options = options().traces_sampler(|context| f64::from(u8::from(context.is_continued())));
    assert_eq!(
        Scenario::called("", "sentry-a=1")
            .with(options)
            .span()
            .sampled(),
        Some(true)
    );
}

#[test]
fn missing_sample_rand_is_added_within_the_range_that_explains_the_decision() {
    for (flag, sampled) in [("-1", true), ("-0", false)] {
        for came in [
            "sentry-sample_rate=0.25",
            "sentry-sample_rate=0.25,sentry-sample_rand=1",
            "sentry-sample_rate=0.25,sentry-sample_rand=",
            "sentry-sample_rate=0.25,sentry-sample_rand=NaN",
            "sentry-sample_rate=0.25,sentry-sample_rand=-0.5",
        ] {
            let span = Scenario::called(flag, came).span();
            let context = span.dynamic_sampling_context();
            let rand: SampleRand = context.get("sample_rand").unwrap().parse().unwrap();
            assert_eq!(
                rand.is_below("0.25".parse().unwrap()),
                sampled,
                "{came} {flag}: {context}"
            );
            assert_eq!(context.as_baggage().iter().count(), 2, "{context}");
        }
    }
}

#[test]
fn missing_sample_rand_is_not_added_where_decision_and_rate_contradict_each_other() {
    Scenario::called("-1", "sentry-sample_rate=0").continues_with("-1", "sentry-sample_rate=0");
    Scenario::called("-0", "sentry-sample_rate=1.0").continues_with("-0", "sentry-sample_rate=1.0");
}

#[test]
fn missing_sample_rand_without_a_decision_or_a_rate_is_that_of_the_trace() {
    let rand = SampleRand::of(TRACE.parse().unwrap());
    for (flag, came) in [
        ("", "sentry-a=1"),
        ("-1", "sentry-a=1"),
        ("-0", "sentry-a=1,sentry-sample_rate=7"),
    ] {
        Scenario::called(flag, came)
            .continues_with(flag, &format!("{came},sentry-sample_rand={rand}"));
    }
}

#[test]
fn one_trace_always_gets_the_same_sample_rand() {
    let rand = || {
        Scenario::called("", "sentry-a=1")
            .span()
            .baggage()
            .get("sample_rand")
            .unwrap()
            .into_owned()
    };
    assert_eq!(rand(), rand());
}

#[test]
fn org_ids_that_differ_start_a_new_trace() {
    let came = "sentry-org_id=1,sentry-release=theirs";
    Scenario::called("-1", came)
        .with(options().org_id(2))
        .starts_a_new_trace();
    let dsn = options().dsn("https://key@o2.ingest.sentry.io/1").unwrap();
    Scenario::called("-1", came).with(dsn).starts_a_new_trace();
    let refused = Scenario::called("-1", came)
        .with(rate(0.0).org_id(2))
        .span();
    assert_eq!(
        refused.sampled(),
        Some(false),
        "their decision is ignored too"
    );
}

#[test]
fn org_ids_that_agree_continue() {
    let came = "sentry-org_id=2,sentry-sample_rand=0.5";
    Scenario::called("-1", came)
        .with(options().org_id(2))
        .continues_with("-1", came);
    let strict = options().org_id(2).strict_trace_continuation(true);
    Scenario::called("-1", came)
        .with(strict)
        .continues_with("-1", came);
}

#[test]
fn org_id_option_wins_over_the_dsn() {
    let came = "sentry-org_id=2,sentry-sample_rand=0.5";
    let options = options()
        .dsn("https://key@o9.ingest.sentry.io/1")
        .unwrap()
        .org_id(2);
    Scenario::called("-1", came)
        .with(options)
        .continues_with("-1", came);
}

#[test]
fn one_org_id_continues_unless_strict() {
    let theirs = "sentry-org_id=1,sentry-sample_rand=0.5";
    let nobodys = "sentry-sample_rand=0.5";
    let empty = "sentry-org_id=,sentry-sample_rand=0.5";
    let strict = || options().strict_trace_continuation(true);
    Scenario::called("-1", theirs).continues_with("-1", theirs);
    Scenario::called("-1", nobodys)
        .with(options().org_id(1))
        .continues_with("-1", nobodys);
    Scenario::called("-1", empty)
        .with(options().org_id(1))
        .continues_with("-1", empty);
    Scenario::called("-1", theirs)
        .with(strict())
        .starts_a_new_trace();
    Scenario::called("-1", nobodys)
        .with(strict().org_id(1))
        .starts_a_new_trace();
    Scenario::called("-1", nobodys)
        .with(strict())
        .continues_with("-1", nobodys);
}

#[test]
fn incoming_traces_can_be_ignored() {
    let options = options().ignore_incoming_traces(true);
    Scenario::called("-1", "sentry-release=theirs")
        .with(options)
        .starts_a_new_trace();
}

#[test]
fn every_span_has_a_new_id_and_knows_its_parent() {
    let scenario = Scenario::called("-1", "");
    let (one, other) = (scenario.span(), scenario.span());
    assert_ne!(one.span_id(), other.span_id());
    assert_ne!(one.span_id().to_string(), SPAN);
    assert_eq!(one.parent_span_id().unwrap().to_string(), SPAN);
}

#[test]
fn name_can_be_set_until_the_values_are_used() {
    let span = Scenario::head(rate(1.0)).span();
    assert!(span.set_name("checkout"));
    assert_eq!(
        span.clone().baggage().get("transaction").as_deref(),
        Some("checkout")
    );
    let frozen = span.baggage().to_string();
    assert!(!span.set_name("too late"));
    assert_eq!(span.baggage().as_str(), frozen);
}

#[test]
fn name_set_by_hand_is_told_also_for_a_url() {
    let span = RootSpan::start(&rate(1.0), None, &TransactionName::url("GET", "/users/ada"));
    assert!(span.set_name("a user's page"));
    assert_eq!(
        span.baggage().get("transaction").as_deref(),
        Some("a user's page")
    );
    assert!(
        span.baggage()
            .as_str()
            .ends_with("sentry-transaction=a%20user%27s%20page")
    );
}

#[test]
fn name_stays_out_of_a_deferred_or_continued_context() {
    let deferred = Scenario::head(options()).span();
    assert!(deferred.set_name("checkout"));
    assert_eq!(deferred.baggage().get("transaction"), None);
    let continued = Scenario::called("-1", "sentry-sample_rand=0.5").span();
    assert!(continued.set_name("checkout"));
    assert_eq!(continued.baggage().as_str(), "sentry-sample_rand=0.5");
}

#[test]
fn a_huge_option_is_left_out_and_the_trace_stays() {
    let options = rate(1.0)
        .dsn("https://key@localhost/1")
        .unwrap()
        .release("x".repeat(9_000))
        .environment("e");
    let span = Scenario::head(options).span();
    let keys: Vec<_> = entries(&span).into_iter().map(|(key, _)| key).collect();
    assert_eq!(
        keys,
        [
            "trace_id",
            "public_key",
            "environment",
            "sample_rand",
            "sample_rate",
            "sampled",
            "transaction"
        ]
    );
}

#[test]
fn options_that_nearly_fill_the_baggage_leave_room_for_the_trace() {
    let options = rate(0.123_456_789)
        .release("r".repeat(7_900))
        .environment("e".repeat(200));
    let span = Scenario::head(options).span();
    assert!(span.baggage().as_str().len() <= sentry_ssr::Baggage::MAX_LEN);
    assert_invariant(&span);
}

#[test]
fn a_huge_name_is_left_out() {
    let span = Scenario::head(rate(1.0)).span();
    span.set_name(&"n".repeat(9_000));
    assert_eq!(span.baggage().get("transaction"), None);
    assert_invariant(&span);
}
