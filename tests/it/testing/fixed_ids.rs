//! Ids that are the same in every run.

use std::thread;

use sentry_ssr::testing::FixedIds;
use sentry_ssr::{IncomingTrace, RootSpan, SpanId, TraceId, TraceOptions, TransactionName};

use crate::support::ids::{SENTRY_TRACE, TRACE_ID};

fn start(incoming: Option<IncomingTrace>) -> RootSpan {
    RootSpan::start(
        &TraceOptions::new(),
        incoming,
        &TransactionName::route("GET", "/"),
    )
}

fn is_random(id: TraceId) -> bool {
    !id.to_string().starts_with("0000000000004000")
}

#[test]
fn new_ids_are_counted() {
    let tags = || {
        let _fixed = FixedIds::new();
        [start(None), start(None)].map(|span| span.meta_tags().to_string())
    };
    let [first, second] = tags();
    assert_eq!([first.clone(), second.clone()], tags());
    assert_ne!(first, second);
    insta::assert_snapshot!(first + "\n" + &second);
}

#[test]
fn a_trace_that_comes_in_keeps_its_id() {
    let _fixed = FixedIds::new();
    let incoming = [SENTRY_TRACE];
    let span = start(IncomingTrace::parse(incoming, [""]));
    assert_eq!(span.trace_id().to_string(), TRACE_ID);
}

#[test]
fn ids_are_random_without_it_and_on_other_threads() {
    assert!(is_random(TraceId::random()));
    let fixed = FixedIds::new();
    assert!(!is_random(TraceId::random()));
    assert!(
        thread::spawn(|| is_random(TraceId::random()))
            .join()
            .is_ok_and(|random| random)
    );
    drop(fixed);
    assert!(is_random(TraceId::random()));
}

#[test]
fn an_inner_one_counts_anew_and_the_outer_one_goes_on() {
    let _outer = FixedIds::new();
    let first = SpanId::random();
    {
        let _inner = FixedIds::new();
        assert_eq!(SpanId::random(), first);
    }
    assert_ne!(SpanId::random(), first);
}
