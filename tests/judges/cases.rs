//! What the judges are asked.

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::ids::{SENTRY_TRACE, SPAN_ID, TRACE_ID, sentry_trace};
use crate::request::{Request, Service};
use crate::strategies;

/// Requests that a person thought of.
pub(crate) fn picked() -> Vec<Request> {
    let values = values_of_sentry_trace();
    let baggages = values_of_baggage();
    let traces = values.iter().map(|value| {
        (
            value.clone(),
            "sentry-release=theirs,sentry-sample_rand=0.5",
        )
    });
    let lists = baggages
        .iter()
        .flat_map(|baggage| ["-1", "-0", ""].map(|flag| (sentry_trace(flag), *baggage)));
    let pairs: Vec<_> = traces.chain(lists).collect();
    let services = [None, Some(0.0), Some(1.0)].into_iter().flat_map(|rate| {
        [
            (None, false),
            (Some(7), false),
            (Some(7), true),
            (None, true),
        ]
        .map(|(org_id, is_strict)| Service {
            rate,
            org_id,
            is_strict,
            ..Service::default()
        })
    });
    services
        .flat_map(|service| {
            pairs.iter().map(move |(sentry_trace, baggage)| Request {
                sentry_trace: sentry_trace.clone(),
                baggage: (*baggage).to_owned(),
                service,
            })
        })
        .collect()
}

/// A deferred trace whose number decides at a rate between the ends.
pub(crate) fn deferred() -> impl Iterator<Item = Request> {
    ["0", "0.1", "0.249999", "0.25", "0.3", "0.999999"]
        .into_iter()
        .map(|rand| Request {
            sentry_trace: sentry_trace(""),
            baggage: format!("sentry-sample_rate=0.9,sentry-sample_rand={rand}"),
            service: Service {
                rate: Some(0.25),
                ..Service::default()
            },
        })
}

/// Callers of a service whose sampler overrules them, agrees with them, or follows them.
pub(crate) fn sampled() -> impl Iterator<Item = Request> {
    let samplers = [0.0, 1.0, 0.3]
        .into_iter()
        .flat_map(|rate| [(rate, false), (rate, true)]);
    let numbers = ["0.1", "0.3", "0.5", "0.999999"];
    samplers.flat_map(move |(sampler, inherits)| {
        let service = Service {
            sampler: Some(sampler),
            inherits,
            ..Service::default()
        };
        numbers.into_iter().flat_map(move |rand| {
            let below = |rate: f64| rand.parse::<f64>().is_ok_and(|rand| rand < rate);
            let deferred = format!("sentry-release=theirs,sentry-sample_rand={rand}");
            let decided = [0.3, 0.5, 1.0].map(|rate| {
                let sampled = below(rate);
                let flag = if sampled { "-1" } else { "-0" };
                let numbers = format!("sentry-sample_rate={rate},sentry-sampled={sampled}");
                (flag, format!("{deferred},{numbers}"))
            });
            let callers = decided.into_iter().chain([("", deferred)]);
            callers.map(move |(flag, baggage)| Request {
                sentry_trace: sentry_trace(flag),
                baggage,
                service,
            })
        })
    })
}

fn values_of_sentry_trace() -> Vec<String> {
    let upper = TRACE_ID.to_uppercase();
    let zeros = "0".repeat(32);
    [
        "",
        " ",
        "nonsense",
        "1",
        TRACE_ID,
        &sentry_trace(""),
        &format!("{TRACE_ID}-{SPAN_ID}-"),
        &format!("{TRACE_ID}-{SPAN_ID}-2"),
        &format!("{TRACE_ID}-{SPAN_ID}-1-1"),
        &format!(" \t{SENTRY_TRACE}\t "),
        &format!("{SENTRY_TRACE}\n"),
        &format!("{TRACE_ID}{SPAN_ID}1"),
        &format!("{TRACE_ID}-1"),
        &format!("{upper}-{SPAN_ID}-1"),
        &format!("{zeros}-{SPAN_ID}-1"),
        &format!("{TRACE_ID}-0000000000000000-1"),
        &format!("{TRACE_ID}0-{SPAN_ID}-1"),
        &format!("00-{TRACE_ID}-{SPAN_ID}-01"),
        &format!("00-{TRACE_ID}-{SPAN_ID}-00"),
        &format!(",{SENTRY_TRACE}"),
        &format!("{SENTRY_TRACE},{TRACE_ID}-{SPAN_ID}-0"),
        &format!("nonsense,{SENTRY_TRACE}"),
    ]
    .map(str::to_owned)
    .to_vec()
}

fn values_of_baggage() -> Vec<&'static str> {
    vec![
        "",
        "vendor=1",
        "sentry-",
        "sentry-release=theirs",
        "sentry-release=theirs,vendor=1;p=2, other=3",
        "sentry-release=shop%401.0%2B7,sentry-environment=caf%C3%A9",
        "sentry-release=a b",
        "sentry-release=a=b",
        "sentry-release=",
        "sentry-release=1,sentry-release=2",
        " sentry-release = 1 ",
        "sentry-release=1;p=2",
        "sentry-release=%zz,sentry-environment=x",
        "sentry-release=%ff,sentry-environment=x",
        "Sentry-release=1",
        "sentry-new-key=1",
        "sentry-%72elease=1",
        "%73entry-release=1",
        "sentry-a;b=c",
        "sentry-trace_id=00000000000000000000000000000001",
        "sentry-org_id=7",
        "sentry-org_id=8",
        "sentry-org_id=07",
        "sentry-org_id=,sentry-release=1",
        "sentry-sample_rand=0.25",
        "sentry-sample_rand=0.332200",
        "sentry-sample_rand=1",
        "sentry-sample_rand=-0.1",
        "sentry-sample_rand=1e-7",
        "sentry-sample_rand=.5",
        "sentry-sample_rand=half,sentry-sample_rate=0.5",
        "sentry-sample_rand=0.25,sentry-sample_rate=0.5,sentry-sampled=true",
        "sentry-sample_rand=0.75,sentry-sample_rate=0.5,sentry-sampled=false",
        "sentry-sample_rate=0.5,sentry-sampled=true",
        "sentry-sample_rate=0.5",
        "sentry-sample_rate=0",
        "sentry-sample_rate=1",
        "sentry-sample_rate=0.000001",
        "sentry-sample_rate=2",
        "sentry-sample_rate=x",
        "sentry-sample_rate=0.9,sentry-sample_rand=0.95,sentry-sampled=true",
    ]
}

/// Requests that nobody thought of, the same ones each time.
pub(crate) fn generated(count: usize) -> Vec<Request> {
    let mut runner = TestRunner::deterministic();
    let any = any_request();
    (0..count)
        .map(|_| any.new_tree(&mut runner).unwrap().current())
        .collect()
}

/// A head of trace decides by numbers of its own, so its rate leaves no room for chance.
fn any_request() -> impl Strategy<Value = Request> {
    let service = (
        select(vec![None, Some(0.0), Some(1.0)]),
        option::of(Just(7)),
        any::<bool>(),
    );
    (strategies::sentry_trace(), strategies::baggage(), service).prop_map(
        |(sentry_trace, baggage, (rate, org_id, is_strict))| Request {
            sentry_trace,
            baggage,
            service: Service {
                rate,
                org_id,
                is_strict,
                ..Service::default()
            },
        },
    )
}
