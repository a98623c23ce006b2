//! Values that are too long, or that try to leave their header.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::behind_each_proxy;
use crate::client;
use crate::incoming::{IDS, trace};
use crate::proxy::Kind;
use crate::rig::{Rig, at_rate};
use crate::visits::assert_same_trace;

behind_each_proxy!(
    values_beyond_two_kib_do_not_reach_the_browser,
    hostile_values_stay_inside_the_header,
);

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

async fn hostile_values_stay_inside_the_header(kind: Kind) {
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
