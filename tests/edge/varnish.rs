//! What only Varnish does.

use crate::proxy::Kind;
use crate::rig::{Rig, at_rate};
use crate::visits::assert_same_trace;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Varnish: tests/edge/run"]
async fn a_fragment_belongs_to_the_trace_of_its_page() {
    let rig = Rig::start(Kind::Varnish, &at_rate(0.5)).await;
    for fragments in [2, 1] {
        let response = rig.get("/fragments", &["baggage: a=1"]);
        let values = response.values().unwrap();
        let seen = rig.origin.seen();
        assert_eq!(seen.len(), fragments, "the page itself is kept");
        for seen in seen {
            assert_same_trace(&values, &seen);
            assert!(seen.all("baggage")[0].starts_with("a=1,"));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Varnish: tests/edge/run"]
async fn a_restart_stays_in_the_trace() {
    // What the first turn has set is not an incoming trace to the second.
    let options = at_rate(0.5).ignore_incoming_traces(true);
    let rig = Rig::start(Kind::Varnish, &options).await;
    let response = rig.get("/alone", &["restart: yes", "baggage: a=1"]);
    let seen = rig.origin.seen();
    assert_eq!(seen.len(), 2);
    for seen in seen {
        assert_same_trace(&response.values().unwrap(), &seen);
        assert!(seen.all("baggage")[0].starts_with("a=1,"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Varnish: tests/edge/run"]
async fn a_rollback_does_not_bring_back_what_the_client_sent() {
    let options = at_rate(0.5).ignore_incoming_traces(true);
    let rig = Rig::start(Kind::Varnish, &options).await;
    let incoming = "771a43a4192642f0b136d5159a501700-b7ad6b7169203331-1";
    let response = rig.get(
        "/alone",
        &[
            "rollback: yes",
            &format!("sentry-trace: {incoming}"),
            &format!("server-timing: sentry-trace;desc=\"{incoming}\""),
        ],
    );
    let values = response.values().unwrap();
    values.assert_whole();
    assert_ne!(values.trace.to_string(), incoming);
    assert_same_trace(&values, rig.origin.seen().last().unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Varnish: tests/edge/run"]
async fn a_request_with_fifty_headers_is_served() {
    let rig = Rig::start(Kind::Varnish, &at_rate(0.5)).await;
    for trace in [
        "a: b",
        "sentry-trace: 771a43a4192642f0b136d5159a501700-b7ad6b7169203331",
    ] {
        let mut lines = vec![trace, "baggage: a=1,sentry-a=1,sentry-org_id=7;p=1"];
        // `host` and `connection` are two of the fifty.
        lines.extend(std::iter::repeat_n("x-other: 1", 48 - lines.len()));
        let (values, seen) = rig.pass(&lines);
        assert_same_trace(&values, &seen);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Varnish: tests/edge/run"]
async fn several_lines_of_baggage_are_one_list() {
    let rig = Rig::start(Kind::Varnish, &at_rate(0.5)).await;
    let trace = "sentry-trace: 771a43a4192642f0b136d5159a501700-b7ad6b7169203331-1";
    let (values, seen) = rig.pass(&[trace, "baggage: a=1,sentry-a=1", "baggage: sentry-b=2"]);
    assert_eq!(values.baggage.as_str(), "sentry-a=1,sentry-b=2");
    assert_same_trace(&values, &seen);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Varnish: tests/edge/run"]
async fn baggage_beyond_six_kib_is_dropped() {
    let rig = Rig::start(Kind::Varnish, &at_rate(0.5)).await;
    let trace = "sentry-trace: 771a43a4192642f0b136d5159a501700-b7ad6b7169203331-1";
    let start = "sentry-a=1,b=";
    for (len, is_kept) in [(6144, true), (6145, false)] {
        let baggage = format!("{start}{}", "v".repeat(len - start.len()));
        let (values, seen) = rig.pass(&[trace, &format!("baggage: {baggage}")]);
        assert_eq!(values.trace.to_string(), trace["sentry-trace: ".len()..]);
        assert_eq!(values.entry("a").is_some(), is_kept, "{len}");
        assert_eq!(seen.all("baggage").len(), usize::from(is_kept), "{len}");
        assert_same_trace(&values, &seen);
        // The limit is that of a list, however many lines it comes in.
        let (first, second) = (
            format!("baggage: {}", &start[..10]),
            &baggage[start.len() - 2..],
        );
        let (values, _) = rig.pass(&[trace, &first, &format!("baggage: {second}")]);
        assert_eq!(values.entry("a").is_some(), is_kept, "{len} in two lines");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Varnish: tests/edge/run"]
async fn an_entry_loses_its_properties() {
    let rig = Rig::start(Kind::Varnish, &at_rate(0.5)).await;
    let ids = "771a43a4192642f0b136d5159a501700-b7ad6b7169203331-1";
    let trace = format!("sentry-trace: {ids}");
    let response = rig.get(
        "/alone",
        &[&trace, "baggage: sentry-a=1;p=2 ; q , sentry-b=3"],
    );
    let timing: Vec<_> = response.all("server-timing").collect();
    let expected = format!(r#"sentry-trace;desc="{ids}", baggage;desc="sentry-a=1,sentry-b=3""#);
    assert_eq!(timing, [expected]);
}
