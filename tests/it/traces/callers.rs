//! Callers and samplers of every kind, and the numbers that have to explain their decisions.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sentry_ssr::{Baggage, IncomingTrace, SampleRand, SampleRate};

use crate::strategies;
use crate::support::ids::sentry_trace;

/// What a sampler returns: a number, valid or not, or what keeps the caller's decision.
#[derive(Debug, Clone, Copy)]
pub(super) enum Returns {
    Rate(f32),
    Inherits(f32),
}

pub(super) fn returns() -> impl Strategy<Value = Returns> {
    let picked = select(vec![
        f32::NAN,
        2.0,
        -1.0,
        -0.0,
        f32::INFINITY,
        0.0,
        1.0,
        0.1,
        0.25,
        1e-9,
        0.999_999_9,
    ]);
    let rate = prop_oneof![picked, 0.0..=1.0_f32];
    (rate, any::<bool>()).prop_map(|(rate, inherits)| {
        if inherits {
            Returns::Inherits(rate)
        } else {
            Returns::Rate(rate)
        }
    })
}

/// A caller that agrees with itself or not, with or without a context.
pub(super) fn caller() -> impl Strategy<Value = (String, String)> {
    let flag = select(vec!["-1", "-0", ""]);
    let number = prop_oneof![
        (0..1_000_000_u32).prop_map(|it| format!("0.{it:06}")),
        (0.0..1.0_f64).prop_map(|it| it.to_string()),
        select(vec![
            "0",
            "1",
            "0.1",
            "0.25",
            "0.3333333333333333333333",
            "2",
            "x",
            ""
        ])
        .prop_map(str::to_owned),
    ];
    let entry = |key: &'static str| {
        prop::option::weighted(0.7, number.clone())
            .prop_map(move |it| it.map(|it| format!("sentry-{key}={it}")))
    };
    let sampled =
        prop::option::of(any::<bool>()).prop_map(|it| it.map(|it| format!("sentry-sampled={it}")));
    let own = (flag, entry("sample_rate"), entry("sample_rand"), sampled).prop_map(
        |(flag, rate, rand, sampled)| {
            let entries: Vec<_> = [rate, rand, sampled].into_iter().flatten().collect();
            (sentry_trace(flag), entries.join(","))
        },
    );
    prop_oneof![6 => own, 1 => Just((String::new(), String::new())), 2 => (strategies::sentry_trace(), strategies::baggage())]
}

#[derive(Debug, PartialEq)]
pub(super) struct Numbers {
    rate: Option<String>,
    rand: Option<String>,
    sampled: Option<String>,
}

impl Numbers {
    pub(super) fn of(baggage: &Baggage) -> Self {
        let get = |key| baggage.get(key).map(Into::into);
        Self {
            rate: get("sample_rate"),
            rand: get("sample_rand"),
            sampled: get("sampled"),
        }
    }

    /// Checks them against the decision, unless the caller has sent these very numbers with this decision.
    pub(super) fn assert_explain(&self, decision: Option<bool>, incoming: Option<&IncomingTrace>) {
        let came = incoming.map(|it| (Self::of(it.baggage()), it.sentry_trace().sampled()));
        if came
            .as_ref()
            .is_some_and(|(came, flag)| came == self && *flag == decision)
        {
            return;
        }
        let rate = self
            .rate
            .as_ref()
            .and_then(|it| it.parse::<SampleRate>().ok());
        let rand = self
            .rand
            .as_ref()
            .and_then(|it| it.parse::<SampleRand>().ok());
        if let (Some(rate), Some(rand), Some(sampled)) = (rate, rand, decision) {
            let contradicted = came.is_some_and(|(came, flag)| {
                came.rate == self.rate && flag == decision && came.rand == self.rand
            });
            assert!(
                contradicted || rand.is_below(rate) == sampled,
                "{self:?}, {decision:?}"
            );
        }
    }
}

pub(super) fn incoming((trace, baggage): &(String, String)) -> Option<IncomingTrace> {
    IncomingTrace::parse([trace], [baggage])
}

/// Whether a caller that has decided says so with a rate that can have decided so.
pub(super) fn is_explainable(incoming: &IncomingTrace) -> bool {
    let trace = incoming.sentry_trace();
    let rate = incoming
        .baggage()
        .get("sample_rate")
        .and_then(|rate| rate.parse().ok());
    trace.sampled().is_some_and(|sampled| {
        rate.is_none_or(|rate| SampleRand::explaining(sampled, rate, trace.trace_id()).is_some())
    })
}

/// Callers and samplers that the strategies generate, the same ones each time.
pub(super) fn generated(count: usize) -> Vec<((String, String), Returns)> {
    let mut runner = TestRunner::deterministic();
    let any = (caller(), returns());
    (0..count)
        .map(|_| any.new_tree(&mut runner).unwrap().current())
        .collect()
}
