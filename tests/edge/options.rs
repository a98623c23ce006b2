//! How the options of a service affect the traces that a proxy starts.

use sentry_ssr::TraceOptions;

use crate::behind_each_proxy;
use crate::proxy::Kind;
use crate::rig::{Rig, at_rate, options};

behind_each_proxy!(
    a_rate_decides_in_decimal,
    without_a_rate_the_decision_is_deferred,
    names_arrive_as_they_are_whatever_is_in_them,
    without_options_a_trace_starts_all_the_same,
);

async fn a_rate_decides_in_decimal(kind: Kind) {
    for (rate, decisions) in [
        (0.0, &[false][..]),
        (1.0, &[true]),
        (0.333_333_333_333, &[false, true]),
    ] {
        let rig = Rig::start(kind, &at_rate(rate)).await;
        let mut seen = Vec::new();
        for _ in 0..60 {
            let values = rig.get("/pages/1", &[]).values().unwrap();
            values.assert_whole();
            assert_eq!(values.entry("sample_rate"), Some(rate.to_string()));
            assert_eq!(values.entry("sample_rand").unwrap().len(), "0.123456".len());
            seen.push(values.trace.sampled().unwrap());
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, decisions, "{rate}");
    }
}

async fn without_a_rate_the_decision_is_deferred(kind: Kind) {
    let rig = Rig::start(kind, &options()).await;
    for _ in 0..3 {
        let values = rig.get("/pages/1", &[]).values().unwrap();
        assert_eq!(values.trace.sampled(), None);
        let keys: Vec<_> = values
            .baggage
            .iter()
            .map(|(key, _)| key.into_owned())
            .collect();
        assert_eq!(
            keys,
            [
                "trace_id",
                "public_key",
                "release",
                "environment",
                "org_id",
                "sample_rand"
            ]
        );
    }
    assert_eq!(rig.origin.seen_once().all("sentry-trace")[0].len(), 49);
}

async fn names_arrive_as_they_are_whatever_is_in_them(kind: Kind) {
    let release = "a\"};\r\n}\\ $request_id ${x} {\"b\"} # @service@ %22 '\u{e9}\0\";";
    let environment = "*/ \"} + req.url + {\" C{ }C \\";
    let options = TraceOptions::new()
        .release(release)
        .environment(environment);
    let rig = Rig::start(kind, &options.traces_sample_rate(0.5).unwrap()).await;
    for _ in 0..2 {
        let values = rig.get("/pages/1", &[]).values().unwrap();
        values.assert_whole();
        assert_eq!(values.entry("release").as_deref(), Some(release));
        assert_eq!(values.entry("environment").as_deref(), Some(environment));
    }
}

async fn without_options_a_trace_starts_all_the_same(kind: Kind) {
    let rig = Rig::start(kind, &TraceOptions::new()).await;
    let values = rig.get("/pages/1", &[]).values().unwrap();
    let keys: Vec<_> = values
        .baggage
        .iter()
        .map(|(key, _)| key.into_owned())
        .collect();
    assert_eq!(keys, ["trace_id", "sample_rand"]);
}
