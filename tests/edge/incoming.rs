//! What happens to a trace that arrives with a request.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::behind_each_proxy;
use crate::client::{self, Values};
use crate::proxy::Kind;
use crate::rig::{Rig, at_rate, options};
use crate::visits::assert_same_trace;

behind_each_proxy!(
    a_valid_trace_is_continued_as_it_came,
    a_malformed_trace_is_replaced,
    the_options_say_whose_trace_is_continued,
    a_trace_is_ignored_where_the_options_say_so,
    baggage_of_other_vendors_goes_to_the_service_alone,
    an_undecided_trace_is_decided_about_by_its_own_number,
    an_undecided_trace_stays_so_without_a_rate,
    values_beyond_two_kib_do_not_reach_the_browser,
    hostile_values_stay_inside_of_the_header,
);

const IDS: &str = "771a43a4192642f0b136d5159a501700-b7ad6b7169203331";

fn trace(rest: &str) -> String {
    format!("sentry-trace: {IDS}{rest}")
}

fn is_continued(values: &Values) -> bool {
    values.trace.to_string().starts_with(IDS)
}

async fn a_valid_trace_is_continued_as_it_came(kind: Kind) {
    let rig = Rig::start(kind, &at_rate(0.0)).await;
    let all = "sentry-trace_id=771a43a4192642f0b136d5159a501700,sentry-release=%22%20a,sentry-unknown=x|y,sentry-sampled=true";
    for (value, baggage, expected) in [
        (format!("{IDS}-1"), all, all),
        (format!("{IDS}-0"), "sentry-org_id=7", "sentry-org_id=7"),
        (format!("\t {IDS}-1 "), "sentry-a=1", "sentry-a=1"),
        (
            format!(" , ,{IDS}-1 , other"),
            "sentry-a=1 ,\tsentry-b = 2",
            "sentry-a=1,sentry-b=2",
        ),
        (
            format!("{IDS}-1"),
            "a=1,sentry-a=1,b=2,sentry-b=2",
            "sentry-a=1,sentry-b=2",
        ),
        (
            format!("{IDS}-1"),
            "sentry-a=%,sentry-b=%2,sentry-c=%zz,sentry-d=4",
            "sentry-d=4",
        ),
        (
            format!("{IDS}-1"),
            "sentry-a,sentry-=1,sentry-b=,sentry-c=\"x",
            "sentry-b=",
        ),
        (format!("{IDS}-1"), "a=1", ""),
    ] {
        let (values, seen) = rig.pass(&[
            &format!("sentry-trace: {value}"),
            &format!("baggage: {baggage}"),
        ]);
        let sampled = if value.contains("-0") { "-0" } else { "-1" };
        assert_eq!(
            values.trace.to_string(),
            format!("{IDS}{sampled}"),
            "{value:?}"
        );
        assert_eq!(values.baggage.as_str(), expected, "{baggage:?}");
        assert_same_trace(&values, &seen);
    }
    // The same out of the cache.
    let ask = || rig.get("/pages/1", &[&trace("-1"), "baggage: sentry-a=1,b=2"]);
    assert!(!ask().is_hit());
    let hit = ask();
    assert!(hit.is_hit());
    assert_eq!(
        hit.all("server-timing").collect::<Vec<_>>(),
        [format!(
            r#"sentry-trace;desc="{IDS}-1", baggage;desc="sentry-a=1""#
        )]
    );
}

async fn a_malformed_trace_is_replaced(kind: Kind) {
    let rig = Rig::start(kind, &at_rate(0.25)).await;
    let zeros = "0".repeat(32);
    for value in [
        String::new(),
        "nonsense".to_owned(),
        format!("{IDS}-"),
        format!("{IDS}-2"),
        format!("{IDS}-11"),
        format!("{IDS}-1-1"),
        format!("{IDS}f-1"),
        format!("x, {IDS}-1"),
        format!("{IDS} -1"),
        IDS.to_uppercase(),
        IDS.replace("771a43a4192642f0b136d5159a501700", &zeros),
        IDS.replace("b7ad6b7169203331", &zeros[..16]),
        IDS.replace('-', "_"),
    ] {
        let baggage = "baggage: a=1,sentry-release=stranger,%73entry-x=1,sentry-odd;=2,b=2";
        let (values, seen) = rig.pass(&[&format!("sentry-trace: {value}"), baggage]);
        values.assert_whole();
        assert!(!is_continued(&values), "{value:?}");
        assert_eq!(values.entry("release").as_deref(), Some("shop@1.4.0"));
        assert_same_trace(&values, &seen);
        assert_eq!(
            seen.all("baggage"),
            [format!("a=1,b=2,{}", values.baggage)],
            "{value:?}"
        );
    }
}

async fn the_options_say_whose_trace_is_continued(kind: Kind) {
    let unnamed = |strict| {
        let options = sentry_ssr::TraceOptions::new()
            .traces_sample_rate(1.0)
            .unwrap();
        options.strict_trace_continuation(strict)
    };
    for (options, org, continued) in [
        (
            at_rate(1.0),
            [
                "sentry-org_id=7",
                "sentry-org_id=8",
                "sentry-a=1",
                "sentry-org_id=",
                "sentry-org_id=8,sentry-org_id=7",
            ],
            [true, false, true, true, true],
        ),
        (
            at_rate(1.0).strict_trace_continuation(true),
            [
                "sentry-org_id=7",
                "sentry-org_id=77",
                "sentry-a=1",
                "sentry-org_id=7,sentry-org_id=8",
                "x=1,sentry-org_id = 7 ",
            ],
            [true, false, false, false, true],
        ),
        (
            unnamed(false),
            [
                "sentry-org_id=7",
                "sentry-org_id=8",
                "sentry-a=1",
                "sentry-org_id=",
                "a=1",
            ],
            [true; 5],
        ),
        (
            unnamed(true),
            [
                "sentry-org_id=7",
                "sentry-org_id=8",
                "sentry-a=1",
                "sentry-org_id=",
                "a=1",
            ],
            [false, false, true, true, true],
        ),
    ] {
        let rig = Rig::start(kind, &options).await;
        for (baggage, continued) in org.into_iter().zip(continued) {
            let (values, seen) = rig.pass(&[&trace("-0"), &format!("baggage: {baggage}")]);
            assert_eq!(is_continued(&values), continued, "{baggage} by {options:?}");
            assert_same_trace(&values, &seen);
        }
    }
}

async fn a_trace_is_ignored_where_the_options_say_so(kind: Kind) {
    let rig = Rig::start(kind, &at_rate(1.0).ignore_incoming_traces(true)).await;
    for baggage in ["baggage: a=1", "baggage: sentry-org_id=7"] {
        let (values, seen) = rig.pass(&[&trace("-0"), baggage]);
        assert!(!is_continued(&values));
        values.assert_whole();
        assert_same_trace(&values, &seen);
    }
}

async fn baggage_of_other_vendors_goes_to_the_service_alone(kind: Kind) {
    let rig = Rig::start(kind, &at_rate(0.25)).await;
    let theirs = "vendor=secret;p=\"q, user = b%20c;x,d=\u{e9}";
    for lines in [
        vec![format!("baggage: {theirs}")],
        vec![format!("baggage: {theirs},sentry-a=1"), trace("-1")],
        vec![format!("baggage: sentry-a=1,{theirs}"), trace("-1")],
        vec![format!("baggage: sentry-a=1;p=2,{theirs}"), trace("")],
    ] {
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        let response = rig.get("/alone", &lines);
        let timing: Vec<_> = response.all("server-timing").collect();
        assert!(
            !timing[0].contains("secret") && !timing[0].contains("user"),
            "{timing:?}"
        );
        let seen = rig.origin.seen_once();
        let baggage = seen.headers.get_all("baggage").iter().next().unwrap();
        let baggage = String::from_utf8_lossy(baggage.as_bytes());
        let of_others: Vec<_> = baggage
            .split(',')
            .filter(|it| !it.trim().starts_with("sentry-"))
            .collect();
        assert_eq!(of_others.join(","), theirs, "{lines:?}");
        assert_same_trace(&response.values().unwrap(), &seen);
    }
}

async fn an_undecided_trace_is_decided_about_by_its_own_number(kind: Kind) {
    let rig = Rig::start(kind, &at_rate(0.25)).await;
    for (rand, sampled) in [
        ("0.249999", true),
        ("0.25", false),
        ("0.3", false),
        ("0.2", true),
        ("0.000000", true),
        ("0.24999999999", true),
        ("0.25000000001", false),
        (".1", true),
    ] {
        let baggage = format!(
            "baggage: sentry-sample_rate=0.9, sentry-trace_id=771a43a4192642f0b136d5159a501700,sentry-sample_rand={rand} ,a=1,sentry-sampled=x"
        );
        let (values, seen) = rig.pass(&[&trace(""), &baggage]);
        assert!(is_continued(&values));
        values.assert_whole();
        assert_eq!(values.trace.sampled(), Some(sampled), "{rand}");
        let kept: f64 = values.entry("sample_rand").unwrap().parse().unwrap();
        assert_eq!(Some(kept), rand.parse().ok());
        let sent = seen.all("baggage")[0].matches("sentry-").count();
        assert_eq!(
            (values.baggage.iter().count(), sent),
            (4, 4),
            "each key once"
        );
        assert_same_trace(&values, &seen);
    }
    // Where it has no number, or one that is no share, it gets one.
    for entries in [
        "sentry-a=1",
        "sentry-a=1,sentry-sample_rand=1.5",
        "sentry-a=1,sentry-sample_rand=x",
    ] {
        let (values, seen) = rig.pass(&[
            &trace(""),
            &format!("baggage: sentry-trace_id={},{entries}", &IDS[..32]),
        ]);
        values.assert_whole();
        assert_eq!(values.baggage.iter().count(), 5, "{values:?}");
        assert_same_trace(&values, &seen);
    }
    // Without a context it stays without.
    let (values, seen) = rig.pass(&[&trace("")]);
    assert!(values.trace.sampled().is_some() && values.baggage.is_empty());
    assert_same_trace(&values, &seen);
}

async fn an_undecided_trace_stays_so_without_a_rate(kind: Kind) {
    let rig = Rig::start(kind, &options()).await;
    for (entries, count) in [("sentry-a=1,sentry-sample_rand=0.5", 2), ("sentry-a=1", 2)] {
        let response = rig.get("/alone", &[&trace(""), &format!("baggage: {entries}")]);
        let values = response.values().unwrap();
        assert_eq!(values.trace.to_string(), IDS);
        assert!(values.entry("sample_rand").is_some());
        assert_eq!(values.baggage.iter().count(), count);
        assert_eq!(
            rig.origin.seen_once().values.unwrap().baggage,
            values.baggage
        );
    }
}

async fn values_beyond_two_kib_do_not_reach_the_browser(kind: Kind) {
    let rig = Rig::start(kind, &at_rate(1.0)).await;
    let room = 2048 - IDS.len() - "-1".len() - "sentry-x=".len();
    for (len, fits) in [(room, true), (room + 1, false), (6000, false)] {
        let value = "v".repeat(len);
        let response = rig.get(
            &format!("/pages/{len}"),
            &[&trace("-1"), &format!("baggage: sentry-x={value}")],
        );
        assert_eq!(response.values().is_some(), fits, "{len}");
        assert_eq!(response.all("server-timing").count(), usize::from(fits));
        let seen = rig.origin.seen_once().values.unwrap();
        assert_eq!(
            seen.baggage.get("x").unwrap().len(),
            len,
            "the service gets it"
        );
    }
}

async fn hostile_values_stay_inside_of_the_header(kind: Kind) {
    let rig = Rig::start(kind, &at_rate(0.5)).await;
    let piece = prop_oneof![
        prop::sample::select(vec![
            "sentry-",
            "sentry-a=",
            "%73entry-b=1",
            "sentry-trace_id=",
            "sentry-org_id=7",
            "sentry-sample_rand=0.1",
            ",",
            ",,",
            ";",
            "=",
            " ",
            "\t",
            "\"",
            "\\",
            "\\\"",
            "%",
            "%22",
            "%2C",
            "%0D%0A",
            "$request_id",
            "${x}",
            "\u{1}",
            "\u{7f}",
            "\u{e9}",
            "{\"",
            "\"}",
            "<b>",
            "&",
            "'",
            ",vendor=secret",
            "a=1",
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,12}",
    ];
    let line = prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat());
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 150,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let strategy = (line, prop::sample::select(vec!["-1", "", "-9"]));
    let checked = runner.run(&strategy, |(baggage, flag)| {
        let _earlier = rig.origin.seen();
        let lines = format!("sentry-trace: {IDS}{flag}\r\nbaggage: {baggage}");
        let head =
            format!("GET /alone HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{lines}\r\n\r\n");
        let response = client::send_bytes(rig.proxy.address, head.as_bytes());
        if response.status == 400 {
            return Ok(()); // No proxy takes such a header.
        }
        prop_assert_eq!(response.status, 200);
        let timing = response.all("server-timing").collect::<Vec<_>>().join("\n");
        prop_assert!(!timing.contains("secret"));
        let values = response.values().unwrap();
        assert_same_trace(&values, &rig.origin.seen_once());
        Ok(())
    });
    checked.unwrap();

    for huge in [
        "sentry-a=1,".repeat(740),
        ",".repeat(8000),
        format!("sentry-a={}", "%41".repeat(2600)),
        "a=1,sentry-b=2,".repeat(540),
        " ".repeat(8000),
    ] {
        let response = rig.get("/alone", &[&trace("-1"), &format!("baggage: {huge}")]);
        assert_eq!(response.status, 200, "{huge:.40}");
        let seen = rig.origin.seen_once();
        match response.values() {
            Some(values) => assert_same_trace(&values, &seen),
            None => assert!(IDS.starts_with(&seen.values.unwrap().trace.trace_id().to_string())),
        }
    }
}
