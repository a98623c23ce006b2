//! What happens to a trace whose caller has not decided about it.

use crate::behind_each_proxy;
use crate::incoming::{IDS, is_continued, trace};
use crate::proxy::Kind;
use crate::rig::{Rig, at_rate, options};
use crate::visits::assert_same_trace;

behind_each_proxy!(
    an_undecided_trace_is_decided_about_by_its_own_number,
    an_undecided_trace_stays_so_without_a_rate,
);

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
    // Without a valid number it gets one.
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
