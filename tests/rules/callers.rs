//! Callers that send bytes, and services that they call.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::rules::{Caller, Service};
use super::strategies::{baggage, sentry_trace};

fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..80)
}

/// Bytes of headers: texts as above, damaged in one place, or no text at all.
fn bytes(text: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<u8>> {
    let damaged = (
        text,
        option::weighted(0.2, (any::<prop::sample::Index>(), any::<u8>())),
    );
    let damaged = damaged.prop_map(|(text, damage)| {
        let mut bytes = text.into_bytes();
        if let Some((at, byte)) = damage.filter(|_| !bytes.is_empty()) {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes
    });
    prop_oneof![15 => damaged, 1 => any_bytes()]
}

pub(crate) fn caller() -> impl Strategy<Value = Caller> {
    let sentry_trace = prop_oneof![
        9 => vec(bytes(sentry_trace()), 1),
        1 => vec(bytes(sentry_trace()), 0..3),
    ];
    (sentry_trace, vec(bytes(baggage()), 0..3)).prop_map(|(sentry_trace, baggage)| Caller {
        sentry_trace,
        baggage,
    })
}

pub(crate) fn service() -> impl Strategy<Value = Service> {
    let rate = prop_oneof![select(vec![0.0, 0.1, 0.25, 1.0]), 0.0..=1.0_f64];
    (
        option::of(rate),
        option::of(select(vec![7, 8])),
        any::<bool>(),
    )
        .prop_map(|(rate, org_id, is_strict)| Service {
            rate,
            org_id,
            is_strict,
        })
}
