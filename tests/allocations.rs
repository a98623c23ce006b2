//! How often the tracing of one request allocates.

#[path = "../benches/scenario/mod.rs"]
#[expect(dead_code, reason = "not all of it is used by each")]
mod scenario;

use std::fmt::Write as _;

use allocation_counter::measure;
use scenario::{CASES, Case, ROOM};
use sentry_ssr::{RootSpan, TransactionName};

/// How often `f` allocates, once everything that is made once a thread is there.
fn allocations(mut f: impl FnMut(&mut String)) -> u64 {
    let mut page = String::with_capacity(ROOM);
    f(&mut page);
    page.clear();
    measure(|| f(&mut page)).count_total
}

fn ours(case: Case) -> u64 {
    let (headers, options) = (
        case.headers(),
        scenario::options(case.client.unwrap_or(1.0)),
    );
    case.run(|| allocations(|page| case.ours(&headers, &options, page)))
}

fn sdk(case: Case) -> u64 {
    let headers = case.headers();
    case.run(|| allocations(|page| case.sdk(&headers, page)))
}

#[test]
fn without_a_client_there_is_one_beyond_the_handle() {
    for case in CASES.into_iter().filter(|case| case.client.is_none()) {
        assert_eq!(ours(case), 2, "{case}");
    }
}

/// A hub of its own, a name, and tags that are kept; of what is sent, where its name comes from.
#[test]
fn with_a_client_there_are_few_more_than_the_sdk_has_alone() {
    for case in CASES.into_iter().filter(|case| case.client.is_some()) {
        let more = if case.client == Some(0.0) { 2 } else { 10 };
        let (ours, sdk) = (ours(case), sdk(case));
        assert!(ours <= sdk + more, "{case}: {ours} beside {sdk}");
    }
}

#[test]
fn tags_are_rendered_into_the_buffer_of_the_caller() {
    let span = RootSpan::start(
        &scenario::options(1.0),
        None,
        &TransactionName::route("GET", "/"),
    );
    assert_eq!(
        allocations(|page| write!(page, "{}", span.meta_tags()).unwrap()),
        0
    );
}
