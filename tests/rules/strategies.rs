//! Values of headers as callers, old and new, friendly and hostile, might send them.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Ids that parse, and some that nearly do.
fn ids() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => "[0-9a-f]{32}-[0-9a-f]{16}",
        1 => "0{32}-[0-9a-f]{16}",
        1 => "[0-9a-f]{32}-0{16}",
        1 => "[0-9a-fA-F]{31,33}-?[0-9a-fA-F]{15,17}",
        1 => "[0-9a-f]{32}",
    ]
}

/// Values of `sentry-trace`, most of them valid.
pub(crate) fn sentry_trace() -> impl Strategy<Value = String> {
    let flag = prop_oneof![
        9 => select(vec!["", "-1", "-0"]),
        1 => select(vec!["-", "-2", "-true", "1", "-1-1", "-1\n"]),
    ];
    let space = prop_oneof![9 => Just(""), 1 => select(vec![" ", "\t", " \t "])];
    prop_oneof![
        12 => (space.clone(), ids(), flag, space)
            .prop_map(|(before, ids, flag, behind)| format!("{before}{ids}{flag}{behind}")),
        1 => "\\PC{0,60}",
    ]
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (0..1_000_000_u32).prop_map(|millionths| format!("0.{millionths:06}")),
        2 => (0.0..1.0_f64).prop_map(|number| number.to_string()),
        2 => select(vec!["0", "1", "0.0", "1.0", "0.1", "0.25", "0.5", "0.999999"])
            .prop_map(str::to_owned),
        1 => select(vec!["", "-0.5", "1.5", "NaN", "inf", "x", "1e-7", ".5"]).prop_map(str::to_owned),
    ]
}

/// Text percent-encoded here and there, well or badly.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-zA-Z0-9@._/-]{0,24}",
        3 => "([a-z]|%2[0-9A-F]|%C3%[89AB][0-9a-f]){0,12}",
        1 => "([a-z]|%[0-9A-Fa-f]{0,2}){0,8}",
        1 => "\\PC{0,16}",
        1 => "[ -~\t]{0,16}",
    ]
}

fn entry() -> impl Strategy<Value = String> {
    let text_key = select(vec![
        "trace_id",
        "public_key",
        "release",
        "environment",
        "transaction",
        "replay_id",
        "new_key",
    ]);
    let org_id = prop_oneof![3 => Just("7".to_owned()), 1 => "[0-9]{0,3}"];
    let sampled = select(vec!["true", "false", "", "1"]);
    let known = prop_oneof![
        4 => (text_key, text()).prop_map(|(key, value)| format!("sentry-{key}={value}")),
        2 => number().prop_map(|rate| format!("sentry-sample_rate={rate}")),
        2 => number().prop_map(|rand| format!("sentry-sample_rand={rand}")),
        1 => sampled.prop_map(|sampled| format!("sentry-sampled={sampled}")),
        1 => org_id.prop_map(|org_id| format!("sentry-org_id={org_id}")),
    ];
    let properties = prop_oneof![5 => Just(String::new()), 1 => ";[a-z]{0,4}(=[a-z ]{0,4})?"];
    let space = prop_oneof![5 => Just(""), 1 => select(vec![" ", "\t", "  "])];
    prop_oneof![
        12 => (space, known, properties)
            .prop_map(|(space, entry, properties)| format!("{space}{entry}{properties}")),
        2 => "[a-z]{1,8}=[a-z0-9%]{0,8}(;[a-z]=[a-z0-9])?",
        1 => (text(), text()).prop_map(|(key, value)| format!("sentry-{key}={value}")),
        1 => text(),
    ]
}

/// Values of `baggage`, most entries of them well-formed.
pub(crate) fn baggage() -> impl Strategy<Value = String> {
    prop_oneof![
        9 => vec(entry(), 0..10).prop_map(|entries| entries.join(",")),
        1 => "\\PC{0,80}",
    ]
}
