//! Many visits, nearly all of them answered by the cache.

use std::collections::HashSet;
use std::env;

use serde_json::Value;

use crate::behind_each_proxy;
use crate::client::{self, Response, Values};
use crate::origin::{Origin, Seen};
use crate::proxy::{Kind, Proxy};
use crate::rig::{Rig, at_rate};

behind_each_proxy!(
    each_visit_has_a_trace_of_its_own,
    the_service_continues_the_trace_of_each_miss,
    the_cache_answers_as_often_as_without_traces,
);

const RATE: f64 = 0.25;

/// `EDGE_VISITS`; by default few enough for CI.
fn count() -> usize {
    env::var("EDGE_VISITS").map_or(200, |count| count.parse().unwrap())
}

/// Visits as many pages as may be misses, one in twenty, in turn.
fn visit(proxy: &Proxy) -> Vec<Response> {
    let pages = count() / 20;
    let path = |visit: usize| format!("/pages/{}", visit % pages);
    (0..count())
        .map(|visit| client::get(proxy.address, &path(visit), &[]))
        .collect()
}

fn values(responses: &[Response]) -> Vec<Values> {
    responses
        .iter()
        .map(|response| response.values().unwrap())
        .collect()
}

fn hits(responses: &[Response]) -> usize {
    responses
        .iter()
        .filter(|response| response.is_hit())
        .count()
}

/// A correct share is this far off once in 370 runs, and three times in a row practically never.
fn is_within_three_sigma(values: &[Values]) -> bool {
    let sampled = values
        .iter()
        .filter(|values| values.trace.sampled() == Some(true))
        .count();
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let (sampled, count) = (sampled as f64, values.len() as f64);
    let (expected, bound) = (count * RATE, 3.0 * (count * RATE * (1.0 - RATE)).sqrt());
    println!("{sampled} of {count} visits sampled, expected {expected} ± {bound:.0}");
    (sampled - expected).abs() <= bound
}

async fn each_visit_has_a_trace_of_its_own(kind: Kind) {
    let rig = Rig::start(kind, &at_rate(RATE)).await;
    let responses = visit(&rig.proxy);
    assert!(
        hits(&responses) * 20 >= responses.len() * 19,
        "95 % come out of the cache"
    );
    let body = &responses[0].body;
    assert!(
        responses.iter().all(|response| response.body == *body),
        "the page is the same for everyone"
    );
    assert!(body.contains("<head><title>"), "it has no tags");

    let mut all = values(&responses);
    let ids: HashSet<_> = all.iter().map(|values| values.trace.trace_id()).collect();
    let spans: HashSet<_> = all.iter().map(|values| values.trace.span_id()).collect();
    assert_eq!((ids.len(), spans.len()), (all.len(), all.len()));
    for values in &all {
        values.assert_whole();
        for (key, value) in [
            ("public_key", "key"),
            ("release", "shop@1.4.0"),
            ("environment", "production"),
            ("org_id", "7"),
            ("sample_rate", "0.25"),
        ] {
            assert_eq!(values.entry(key).as_deref(), Some(value), "{key}");
        }
    }
    println!(
        "{} of {} hits, {} trace ids",
        hits(&responses),
        all.len(),
        ids.len()
    );
    let logged: HashSet<_> = rig.proxy.logged(all.len()).into_iter().collect();
    assert_eq!(
        logged,
        ids.iter().map(ToString::to_string).collect(),
        "the access log names them"
    );

    for _ in 0..2 {
        if !is_within_three_sigma(&all) {
            all = values(&visit(&rig.proxy));
        }
    }
    assert!(is_within_three_sigma(&all), "{RATE} of them are sampled");
}

async fn the_service_continues_the_trace_of_each_miss(kind: Kind) {
    let rig = Rig::start(kind, &at_rate(RATE)).await;
    let responses = visit(&rig.proxy);
    let misses: Vec<_> = responses
        .iter()
        .filter(|response| !response.is_hit())
        .collect();
    let seen = rig.origin.seen();
    assert_eq!(misses.len(), seen.len(), "a hit does not reach the service");
    let transactions = rig.sdk.sent();
    let mut sent = 0;
    for (response, seen) in misses.into_iter().zip(seen) {
        let values = response.values().unwrap();
        assert_same_trace(&values, &seen);
        let id = values.trace.trace_id().to_string();
        let envelope = transactions
            .iter()
            .find(|it| it.header["trace"]["trace_id"] == id);
        assert_eq!(envelope.is_some(), values.trace.sampled() == Some(true));
        if let Some(envelope) = envelope {
            let entries = values.baggage.iter();
            let context: Value = entries
                .map(|(key, value)| (key, Value::from(value)))
                .collect();
            assert_eq!(envelope.header["trace"], context);
            sent += 1;
        }
    }
    assert_eq!(transactions.len(), sent, "no transaction of another trace");
    println!("{sent} sampled misses reported with an equal context");
}

/// Browser and service have the same trace, the same parent and the same context.
#[track_caller]
pub(crate) fn assert_same_trace(values: &Values, seen: &Seen) {
    let of_service = seen.values.as_ref().unwrap();
    assert_eq!(
        of_service.trace.trace_id(),
        values.trace.trace_id(),
        "{seen:?}"
    );
    assert_eq!(
        of_service.trace.sampled(),
        values.trace.sampled(),
        "{seen:?}"
    );
    assert_eq!(of_service.baggage, values.baggage, "{seen:?}");
    assert_eq!(
        seen.parent_span_id,
        Some(values.trace.span_id().to_string())
    );
    assert_eq!(seen.all("server-timing"), Vec::<&str>::new());
}

async fn the_cache_answers_as_often_as_without_traces(kind: Kind) {
    let rig = Rig::start(kind, &at_rate(RATE)).await;
    let plain_origin = Origin::start(None).await;
    let plain = Proxy::start(kind, &kind.without_traces(), plain_origin.address);
    let (traced, untraced) = (visit(&rig.proxy), visit(&plain));
    println!(
        "{} hits with traces, {} without",
        hits(&traced),
        hits(&untraced)
    );
    let paths = |seen: Vec<Seen>| seen.into_iter().map(|seen| seen.path).collect::<Vec<_>>();
    assert_eq!(paths(rig.origin.seen()), paths(plain_origin.seen()));
}
