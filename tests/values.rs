//! The values on the wire: what parses, what it prints, what is refused and why.

use sentry_ssr::{
    Baggage, IncomingTrace, ParseErrorKind, SampleRand, SampleRate, SentryTrace, SpanId, TraceId,
    Traceparent,
};

const TRACE: &str = "771a43a4192642f0b136d5159a501700";
const SPAN: &str = "b7ad6b7169203331";

fn kind<T: std::str::FromStr<Err = sentry_ssr::ParseError>>(text: &str) -> Option<ParseErrorKind> {
    text.parse::<T>().err().map(|error| error.kind())
}

#[test]
fn ids_round_trip() {
    assert_eq!(TRACE.parse::<TraceId>().unwrap().to_string(), TRACE);
    assert_eq!(SPAN.parse::<SpanId>().unwrap().to_string(), SPAN);
    let json = serde_json::to_string(&TRACE.parse::<TraceId>().unwrap()).unwrap();
    assert_eq!(json, format!("\"{TRACE}\""));
    assert_eq!(
        serde_json::from_str::<TraceId>(&json).unwrap().to_string(),
        TRACE
    );
    assert!(serde_json::from_str::<SpanId>("\"7\"").is_err());
}

#[test]
fn ids_that_are_refused() {
    let dashed = "771a43a4-1926-42f0-b136-d5159a501700";
    for text in [
        "",
        "0",
        dashed,
        &TRACE.to_uppercase(),
        &TRACE[1..],
        &format!("{TRACE}0"),
        &"0".repeat(32),
    ] {
        assert_eq!(
            kind::<TraceId>(text),
            Some(ParseErrorKind::TraceId),
            "{text}"
        );
    }
    for text in [
        "",
        &SPAN.to_uppercase(),
        "b7ad6b716920333g",
        " b7ad6b7169203331",
        &"0".repeat(16),
    ] {
        assert_eq!(kind::<SpanId>(text), Some(ParseErrorKind::SpanId), "{text}");
    }
}

#[test]
fn random_ids_differ_and_are_version_4() {
    let (one, other) = (TraceId::random(), TraceId::random());
    assert_ne!(one, other);
    assert_eq!(one.to_string().as_bytes()[12], b'4');
    assert_ne!(SpanId::random(), SpanId::random());
}

#[test]
fn sentry_trace_round_trips() {
    for (flag, sampled) in [("", None), ("-1", Some(true)), ("-0", Some(false))] {
        let text = format!("{TRACE}-{SPAN}{flag}");
        let trace: SentryTrace = text.parse().unwrap();
        assert_eq!(trace.sampled(), sampled);
        assert_eq!(trace.trace_id().to_string(), TRACE);
        assert_eq!(trace.span_id().to_string(), SPAN);
        assert_eq!(trace.to_string(), text);
        assert_eq!(serde_json::to_value(trace).unwrap(), text);
    }
}

#[test]
fn sentry_trace_may_have_space_and_tab_around_it() {
    assert!(
        format!(" \t{TRACE}-{SPAN}-1\t ")
            .parse::<SentryTrace>()
            .is_ok()
    );
}

#[test]
fn sentry_traces_that_are_refused() {
    use ParseErrorKind as Kind;
    let zero = "0".repeat(32);
    for (text, expected) in [
        (String::new(), Kind::SentryTrace),
        (TRACE.to_owned(), Kind::SentryTrace),
        (format!("{TRACE}-{SPAN}-2"), Kind::SentryTrace),
        (format!("{TRACE}-{SPAN}-"), Kind::SentryTrace),
        (format!("{TRACE}-{SPAN}-1-1"), Kind::SentryTrace),
        (format!("{TRACE}-{SPAN}-1\n"), Kind::SentryTrace),
        (format!("{TRACE}{SPAN}"), Kind::SentryTrace),
        (format!("{}-{SPAN}-1", TRACE.to_uppercase()), Kind::TraceId),
        (format!("{zero}-{SPAN}-1"), Kind::TraceId),
        (format!("{TRACE}-0000000000000000-1"), Kind::SpanId),
        (format!("{TRACE}-{SPAN}0-1"), Kind::SpanId),
        (format!("00-{TRACE}-{SPAN}-01"), Kind::SentryTrace),
    ] {
        assert_eq!(kind::<SentryTrace>(&text), Some(expected), "{text:?}");
    }
}

#[test]
fn traceparent_knows_no_deferred_decision() {
    for (flag, flags) in [("", "00"), ("-0", "00"), ("-1", "01")] {
        let trace: SentryTrace = format!("{TRACE}-{SPAN}{flag}").parse().unwrap();
        assert_eq!(
            Traceparent::from(trace).to_string(),
            format!("00-{TRACE}-{SPAN}-{flags}")
        );
    }
}

#[test]
fn sample_rates_print_as_the_shortest_decimal() {
    for (text, printed) in [
        ("0.1", "0.1"),
        ("1e-6", "0.000001"),
        ("0", "0"),
        ("1.0", "1"),
        ("-0", "0"),
        ("0.250", "0.25"),
    ] {
        assert_eq!(text.parse::<SampleRate>().unwrap().to_string(), printed);
    }
    for text in ["2", "-0.1", "NaN", "inf", "", "half", "1.0000001"] {
        assert_eq!(
            kind::<SampleRate>(text),
            Some(ParseErrorKind::SampleRate),
            "{text}"
        );
    }
}

#[test]
fn sample_rands_print_with_six_decimals_or_all_they_have() {
    for (text, printed) in [
        ("0", "0.000000"),
        ("0.3322", "0.332200"),
        ("0.999999", "0.999999"),
        ("0.9999999", "0.9999999"),
        ("0.1234567890123", "0.1234567890123"),
    ] {
        assert_eq!(text.parse::<SampleRand>().unwrap().to_string(), printed);
    }
    for text in ["1", "-0.1", "NaN", "", "1.5"] {
        assert_eq!(
            kind::<SampleRand>(text),
            Some(ParseErrorKind::SampleRand),
            "{text}"
        );
    }
}

#[test]
fn sample_rand_is_derived_from_the_trace_id() {
    let id: TraceId = TRACE.parse().unwrap();
    assert_eq!(SampleRand::of(id), SampleRand::of(id));
    assert_ne!(SampleRand::of(id), SampleRand::of(TraceId::random()));
}

#[test]
fn sample_rand_is_spread_evenly() {
    let half = "0.5".parse().unwrap();
    let below = (0..10_000)
        .filter(|_| SampleRand::of(TraceId::random()).is_below(half))
        .count();
    assert!(
        (4_700..5_300).contains(&below),
        "{below} of 10000 below a half"
    );
}

#[test]
fn below_is_exact_in_decimal() {
    for (rand, rate, below) in [
        ("0.099999", "0.1", true),
        ("0.1", "0.1", false),
        ("0.249999", "0.25", true),
        ("0.25", "0.25", false),
        ("0.000000", "0.000001", true),
        ("0.000001", "0.000001", false),
        ("0.999999", "1", true),
        ("0.000000", "0", false),
        ("0.7", "0.7", false),
        ("0.699999", "0.7", true),
    ] {
        let rand: SampleRand = rand.parse().unwrap();
        assert_eq!(
            rand.is_below(rate.parse().unwrap()),
            below,
            "{rand} < {rate}"
        );
    }
}

#[test]
fn a_rand_explains_every_decision_that_can_be_explained() {
    for rate in [
        "0",
        "0.000001",
        "0.1",
        "0.25",
        "1e-7",
        "0.333333333",
        "0.7",
        "0.999999",
        "1",
    ] {
        let rate: SampleRate = rate.parse().unwrap();
        for sampled in [true, false] {
            for _ in 0..200 {
                let rand = SampleRand::explaining(sampled, rate, TraceId::random());
                if let Some(rand) = rand {
                    assert_eq!(
                        rand.is_below(rate),
                        sampled,
                        "{rand} explains {sampled} at {rate}"
                    );
                }
            }
        }
    }
    let some = |sampled, rate: f64| {
        SampleRand::explaining(
            sampled,
            SampleRate::try_from(rate).unwrap(),
            TraceId::random(),
        )
        .is_some()
    };
    assert!(some(true, 1e-7) && some(true, 1.0) && some(false, 0.0) && some(false, 0.999_999));
    assert!(!some(true, 0.0) && !some(false, 1.0));
}

#[test]
fn baggage_keeps_sentry_entries_as_they_came() {
    for (header, kept) in [
        ("sentry-a=1,sentry-b=2", "sentry-a=1,sentry-b=2"),
        ("sentry-unknown_key=x%2fy", "sentry-unknown_key=x%2fy"),
        (" sentry-a = 1 \t, sentry-b=2 ", "sentry-a=1,sentry-b=2"),
        (
            "sentry-a=1;ttl=3;secret,sentry-b=2",
            "sentry-a=1,sentry-b=2",
        ),
        ("sentry-a=b=c", "sentry-a=b=c"),
        ("sentry-a=", "sentry-a="),
        ("sentry-%61=1", "sentry-a=1"),
        ("sentry-a=1,sentry-%61=2", "sentry-a=2"),
        ("sentry-a=1,sentry-b=2,sentry-a=3", "sentry-b=2,sentry-a=3"),
        ("sentry-release=caf\u{e9}", "sentry-release=caf%C3%A9"),
        ("sentry-a=two words", "sentry-a=two%20words"),
        (
            "sentry-a=\"<script>&'`\\",
            "sentry-a=%22%3Cscript%3E%26%27%60%5C",
        ),
        ("sentry-a=%22%3E", "sentry-a=%22%3E"),
    ] {
        let baggage = Baggage::parse([header]);
        assert_eq!(baggage.as_str(), kept, "{header}");
        assert_eq!(Baggage::parse([kept]), baggage, "read again: {header}");
    }
}

#[test]
fn baggage_leaves_out_what_is_foreign_or_malformed_and_nothing_else() {
    for bad in [
        "vendor=1",
        "Sentry-a=1",
        "xsentry-a=1",
        "sentry-a",
        "sentry-=1",
        "",
        " ",
        "=",
        "sentry-a=%zz",
        "sentry-a=%2",
        "sentry-a=%",
        "sentry-a=%ff",
        "sentry-a=\u{7f}",
        "sentry-a=\u{1}",
        "sentry-%a=1",
        "sentry-a\u{0}=1",
    ] {
        let header = format!("sentry-before=1,{bad},sentry-after=2");
        let baggage = Baggage::parse([header]);
        assert_eq!(
            baggage.as_str(),
            "sentry-before=1,sentry-after=2",
            "{bad:?}"
        );
    }
    let not_utf8: &[u8] = b"sentry-before=1,sentry-a=\xff\xfe,sentry-after=2";
    assert_eq!(
        Baggage::parse([not_utf8]).as_str(),
        "sentry-before=1,sentry-after=2"
    );
}

#[test]
fn a_baggage_in_need_of_no_change_is_kept_to_the_byte() {
    for clean in [
        "sentry-release=shop%401.0,sentry-sampled=true,sentry-org_id=7",
        "sentry-abc=1,sentry-axc=2,sentry-cba=",
        "sentry-odd=!#$()*+/:=?@[]^{|}~%7F%0A",
    ] {
        assert_eq!(Baggage::parse([clean]).as_str(), clean);
    }
}

#[test]
fn a_baggage_in_need_of_one_change_gets_just_that() {
    for (header, kept) in [
        ("sentry-one=1,sentry-two=2,", "sentry-one=1,sentry-two=2"),
        (",sentry-one=1", "sentry-one=1"),
        ("sentry-one=1, sentry-two=2", "sentry-one=1,sentry-two=2"),
        ("sentry-one=1,sentry-two=2;p", "sentry-one=1,sentry-two=2"),
        ("sentry-one=1,sentry-one=2", "sentry-one=2"),
        ("sentry-one=1,sentry-two=%2G", "sentry-one=1"),
        ("sentry-one=1,sentry-two=%2", "sentry-one=1"),
        ("sentry-one=1,sentry-two=%80", "sentry-one=1"),
        (
            "sentry-one=1,sentry-two=a\"",
            "sentry-one=1,sentry-two=a%22",
        ),
        ("sentry-one=1,sentry-t!=2", "sentry-one=1,sentry-t%21=2"),
        ("sentry-one=1,sentry-two", "sentry-one=1"),
        ("sentry-one=1,vendor=2", "sentry-one=1"),
        ("sentry-one=1,sentry-=2", "sentry-one=1"),
    ] {
        assert_eq!(Baggage::parse([header]).as_str(), kept, "{header}");
    }
}

#[test]
fn several_baggage_headers_are_one_list() {
    let baggage = Baggage::parse(["sentry-a=1,sentry-b=2", "vendor=1", "sentry-a=3"]);
    assert_eq!(baggage.as_str(), "sentry-b=2,sentry-a=3");
}

#[test]
fn baggage_is_read_by_key() {
    let baggage = Baggage::parse(["sentry-transaction=GET%20%2Fusers%2F%7Bid%7D,sentry-empty="]);
    assert_eq!(
        baggage.get("transaction").as_deref(),
        Some("GET /users/{id}")
    );
    assert_eq!(baggage.get("empty").as_deref(), Some(""));
    assert_eq!(baggage.get("trans"), None);
    let pairs: Vec<_> = baggage.iter().collect();
    assert_eq!(
        pairs,
        [
            ("transaction".into(), "GET /users/{id}".into()),
            ("empty".into(), "".into())
        ]
    );
}

#[test]
fn at_most_8192_bytes_of_baggage_leave_and_the_trace_goes_first() {
    let filler: Vec<_> = (0..10_000).map(|n| format!("sentry-key{n}={n}")).collect();
    let header = format!(
        "{},sentry-public_key=key,sentry-trace_id={TRACE}",
        filler.join(",")
    );
    let baggage = Baggage::parse([header]);
    assert!(baggage.as_str().len() <= Baggage::MAX_LEN);
    assert!(
        baggage.as_str().len() > Baggage::MAX_LEN - 32,
        "filled up: {}",
        baggage.as_str().len()
    );
    assert_eq!(baggage.get("trace_id").as_deref(), Some(TRACE));
    assert_eq!(baggage.get("public_key").as_deref(), Some("key"));
    assert!(
        baggage.as_str().split(',').all(|entry| entry.contains('=')),
        "whole entries only"
    );
}

#[test]
fn an_entry_that_does_not_fit_is_left_out_whole() {
    let huge = "x".repeat(9_000);
    let baggage = Baggage::parse([format!("sentry-a=1,sentry-huge={huge},sentry-b=2")]);
    assert_eq!(baggage.as_str(), "sentry-a=1,sentry-b=2");
    let long = "x".repeat(Baggage::MAX_LEN);
    let header = format!("sentry-release={long},sentry-org_id=7");
    assert_eq!(Baggage::parse([header]).as_str(), "sentry-org_id=7");
}

#[test]
fn the_first_sentry_trace_that_is_not_empty_counts() {
    let good = format!("{TRACE}-{SPAN}-1");
    let other = "0123456789abcdef0123456789abcdef-0123456789abcdef-0";
    let id = |headers: &[String]| {
        IncomingTrace::parse(headers, [""]).map(|trace| trace.sentry_trace().to_string())
    };
    assert_eq!(
        id(&[String::new(), good.clone(), other.into()]),
        Some(good.clone())
    );
    assert_eq!(id(&[format!(" ,{good},{other}")]), Some(good.clone()));
    assert_eq!(id(&["nonsense".into(), good.clone()]), None);
    assert_eq!(id(&[format!("nonsense,{good}")]), None);
    assert_eq!(id(&[]), None);
    assert!(IncomingTrace::parse([&b"\xff\xfe"[..]], [""]).is_none());
}
