//! A `baggage` header that others have written to before.

use http::{HeaderMap, HeaderValue};
use sentry_ssr::{Baggage, IncomingTrace, RootSpan, TraceOptions, TransactionName};

use crate::support::ids::{SENTRY_TRACE, TRACE_ID};

/// What becomes of `theirs` where `ours` came in with the trace; it names a `sample_rand`, so that none
/// is added.
fn merged(ours: &str, theirs: &str) -> String {
    let incoming = IncomingTrace::parse([SENTRY_TRACE], [ours]);
    let name = TransactionName::route("GET", "/");
    let span = RootSpan::start(&TraceOptions::new(), incoming, &name);
    let mut headers = HeaderMap::new();
    if !theirs.is_empty() {
        headers.insert("baggage", HeaderValue::from_str(theirs).unwrap());
    }
    span.outgoing().insert_into(&mut headers);
    let baggage = headers.get("baggage");
    baggage.map_or_else(String::new, |it| it.to_str().unwrap().to_owned())
}

const OURS: &str = "sentry-sample_rand=0.5";

#[test]
fn an_entry_that_the_next_service_reads_as_ours_makes_way() {
    for entry in [
        "sentry-org_id=8",
        "sentry%2Dorg_id=8",
        "sentry%2dorg_id=8",
        "%73entry-org_id=8",
        "%73%65%6E%74%72%79%2D%6F%72%67%5F%69%64=8",
        "s%65ntry%2Dorg%5fid=8",
        "sentry-org%5Fid=8",
        " sentry%2Dorg_id = 8",
        "\tsentry-org_id\t=8;p=1",
        "sentry%2Dorg_id",
        "sentry-",
        "sentry-=8",
        "sentry%2D%zz=8",
    ] {
        assert_eq!(merged(OURS, entry), OURS, "{entry:?}");
        let theirs = format!("v=1,{entry},w=2");
        assert_eq!(
            merged(OURS, &theirs),
            format!("v=1,w=2,{OURS}"),
            "{entry:?}"
        );
        assert_eq!(merged("", &theirs), "v=1,w=2", "{entry:?}");
        let reader = Baggage::parse([merged(OURS, &theirs)]);
        assert_eq!(reader.as_str(), OURS, "{entry:?}");
    }
}

#[test]
fn an_entry_that_the_next_service_reads_as_theirs_stays() {
    for entry in [
        "sentry_org_id=8",
        "sentry=8",
        "Sentry-org_id=8",
        "SENTRY%2Dorg_id=8",
        "x-sentry-org_id=8",
        "x=sentry-org_id",
        "x;sentry-org_id=8",
        "%20sentry-org_id=8",
        "sentry%252Dorg_id=8",
        "sentry%2=8",
        "%=8",
        "sentr",
    ] {
        assert_eq!(merged(OURS, entry), format!("{entry},{OURS}"), "{entry:?}");
        assert!(Baggage::parse([entry]).is_empty(), "{entry:?}");
    }
}

/// An entry of another vendor with as many bytes.
fn theirs(len: usize) -> String {
    format!("v={}", "x".repeat(len - 2))
}

#[test]
fn trace_id_and_public_key_are_the_last_to_go() {
    let vital = format!("sentry-trace_id={TRACE_ID},sentry-public_key=key");
    let big = "y".repeat(100);
    // Wherever they stand.
    for ours in [
        format!("sentry-release={big},{vital},sentry-sample_rand=0.5"),
        format!("sentry-sample_rand=0.5,sentry-release={big},{vital}"),
        format!("{vital},sentry-release={big},sentry-sample_rand=0.5"),
    ] {
        let all = |room| {
            let theirs = theirs(Baggage::MAX_LEN - room);
            let merged = merged(&ours, &theirs);
            let added = merged.strip_prefix(&theirs).unwrap();
            assert!(merged.len() <= Baggage::MAX_LEN);
            added.strip_prefix(',').unwrap_or(added).to_owned()
        };
        let keys = |list: &str| {
            let mut keys: Vec<_> = list
                .split(',')
                .filter_map(|it| it.split('=').next())
                .collect();
            keys.sort_unstable();
            keys.join(" ")
        };
        let three = "sentry-public_key sentry-sample_rand sentry-trace_id";
        let two = "sentry-public_key sentry-trace_id";
        assert_eq!(all(ours.len() + 1), ours);
        assert_eq!(keys(&all(vital.len() + OURS.len() + 2)), three);
        assert_eq!(keys(&all(vital.len() + OURS.len() + 1)), two);
        assert_eq!(keys(&all(vital.len() + 1)), two);
        assert_eq!(all(vital.len()), "");
        assert_eq!(all(1), "");
        assert_eq!(all(0), "");
    }
}

#[test]
fn small_entries_do_not_take_the_place_of_the_two() {
    let ours = format!("sentry-sample_rand=0.5,sentry-a=1,sentry-trace_id={TRACE_ID}");
    let vital = format!("sentry-trace_id={TRACE_ID}");
    let theirs = theirs(Baggage::MAX_LEN - vital.len() - 1);
    assert_eq!(merged(&ours, &theirs), format!("{theirs},{vital}"));
}

#[test]
fn entries_of_others_stay_whole_however_long() {
    let ours = format!("sentry-trace_id={TRACE_ID},{OURS}");
    for len in [Baggage::MAX_LEN, Baggage::MAX_LEN + 1, 3 * Baggage::MAX_LEN] {
        let theirs = format!("w=1;p=2, {}", theirs(len));
        assert_eq!(merged(&ours, &theirs), theirs);
    }
}

#[test]
fn a_trace_that_came_without_the_two_sends_what_fits() {
    let ours = format!("sentry-a={},{OURS}", "y".repeat(100));
    let theirs = theirs(Baggage::MAX_LEN - OURS.len() - 1);
    assert_eq!(merged(&ours, &theirs), format!("{theirs},{OURS}"));
}
