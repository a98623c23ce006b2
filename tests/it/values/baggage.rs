//! `baggage`: what is kept of it, and how it is written.

use sentry_ssr::Baggage;

use crate::support::ids::TRACE_ID;

#[test]
fn baggage_keeps_sentry_entries_as_they_came() {
    for (header, kept) in [
        ("sentry-a=1,sentry-b=2", "sentry-a=1,sentry-b=2"),
        ("sentry-unknown_key=x%2fy", "sentry-unknown_key=x%2fy"),
        (" sentry-a = 1 \t, sentry-b=2 ", "sentry-a=1,sentry-b=2"),
        (
            "sentry-a=1;ttl=3;secret,sentry-b=2",
            "sentry-a=1,sentry-b=2",
        ),
        ("sentry-a=b=c", "sentry-a=b=c"),
        ("sentry-a=", "sentry-a="),
        ("sentry-%61=1", "sentry-a=1"),
        ("sentry-a=1,sentry-%61=2", "sentry-a=2"),
        ("sentry-a=1,sentry-b=2,sentry-a=3", "sentry-b=2,sentry-a=3"),
        ("sentry-release=caf\u{e9}", "sentry-release=caf%C3%A9"),
        ("sentry-a=two words", "sentry-a=two%20words"),
        (
            "sentry-a=\"<script>&'`\\",
            "sentry-a=%22%3Cscript%3E%26%27%60%5C",
        ),
        ("sentry-a=%22%3E", "sentry-a=%22%3E"),
    ] {
        let baggage = Baggage::parse([header]);
        assert_eq!(baggage.as_str(), kept, "{header}");
        assert_eq!(Baggage::parse([kept]), baggage, "read again: {header}");
    }
}

#[test]
fn baggage_leaves_out_what_is_foreign_or_malformed_and_nothing_else() {
    for bad in [
        "vendor=1",
        "Sentry-a=1",
        "xsentry-a=1",
        "sentry-a",
        "sentry-=1",
        "",
        " ",
        "=",
        "sentry-a=%zz",
        "sentry-a=%2",
        "sentry-a=%",
        "sentry-a=%ff",
        "sentry-a=\u{7f}",
        "sentry-a=\u{1}",
        "sentry-%a=1",
        "sentry-a\u{0}=1",
    ] {
        let header = format!("sentry-before=1,{bad},sentry-after=2");
        let baggage = Baggage::parse([header]);
        assert_eq!(
            baggage.as_str(),
            "sentry-before=1,sentry-after=2",
            "{bad:?}"
        );
    }
    let not_utf8: &[u8] = b"sentry-before=1,sentry-a=\xff\xfe,sentry-after=2";
    assert_eq!(
        Baggage::parse([not_utf8]).as_str(),
        "sentry-before=1,sentry-after=2"
    );
}

#[test]
fn a_baggage_in_need_of_no_change_is_kept_to_the_byte() {
    for clean in [
        "sentry-release=shop%401.0,sentry-sampled=true,sentry-org_id=7",
        "sentry-abc=1,sentry-axc=2,sentry-cba=",
        "sentry-odd=!#$()*+/:=?@[]^{|}~%7F%0A",
    ] {
        assert_eq!(Baggage::parse([clean]).as_str(), clean);
    }
}

#[test]
fn a_baggage_in_need_of_one_change_gets_just_that() {
    for (header, kept) in [
        ("sentry-one=1,sentry-two=2,", "sentry-one=1,sentry-two=2"),
        (",sentry-one=1", "sentry-one=1"),
        ("sentry-one=1, sentry-two=2", "sentry-one=1,sentry-two=2"),
        ("sentry-one=1,sentry-two=2;p", "sentry-one=1,sentry-two=2"),
        ("sentry-one=1,sentry-one=2", "sentry-one=2"),
        ("sentry-one=1,sentry-two=%2G", "sentry-one=1"),
        ("sentry-one=1,sentry-two=%2", "sentry-one=1"),
        ("sentry-one=1,sentry-two=%80", "sentry-one=1"),
        (
            "sentry-one=1,sentry-two=a\"",
            "sentry-one=1,sentry-two=a%22",
        ),
        ("sentry-one=1,sentry-t!=2", "sentry-one=1,sentry-t%21=2"),
        ("sentry-one=1,sentry-two", "sentry-one=1"),
        ("sentry-one=1,vendor=2", "sentry-one=1"),
        ("sentry-one=1,sentry-=2", "sentry-one=1"),
    ] {
        assert_eq!(Baggage::parse([header]).as_str(), kept, "{header}");
    }
}

#[test]
fn several_baggage_headers_are_one_list() {
    let baggage = Baggage::parse(["sentry-a=1,sentry-b=2", "vendor=1", "sentry-a=3"]);
    assert_eq!(baggage.as_str(), "sentry-b=2,sentry-a=3");
}

#[test]
fn baggage_is_read_by_key() {
    let baggage = Baggage::parse(["sentry-transaction=GET%20%2Fusers%2F%7Bid%7D,sentry-empty="]);
    assert_eq!(
        baggage.get("transaction").as_deref(),
        Some("GET /users/{id}")
    );
    assert_eq!(baggage.get("empty").as_deref(), Some(""));
    assert_eq!(baggage.get("trans"), None);
    let pairs: Vec<_> = baggage.iter().collect();
    assert_eq!(
        pairs,
        [
            ("transaction".into(), "GET /users/{id}".into()),
            ("empty".into(), "".into())
        ]
    );
}

#[test]
fn at_most_8192_bytes_of_baggage_leave_and_the_trace_goes_first() {
    let filler: Vec<_> = (0..10_000).map(|n| format!("sentry-key{n}={n}")).collect();
    let header = format!(
        "{},sentry-public_key=key,sentry-trace_id={TRACE_ID}",
        filler.join(",")
    );
    let baggage = Baggage::parse([header]);
    assert!(baggage.as_str().len() <= Baggage::MAX_LEN);
    assert!(
        baggage.as_str().len() > Baggage::MAX_LEN - 32,
        "filled up: {}",
        baggage.as_str().len()
    );
    assert_eq!(baggage.get("trace_id").as_deref(), Some(TRACE_ID));
    assert_eq!(baggage.get("public_key").as_deref(), Some("key"));
    assert!(
        baggage.as_str().split(',').all(|entry| entry.contains('=')),
        "whole entries only"
    );
}

#[test]
fn an_entry_that_does_not_fit_is_left_out_whole() {
    let huge = "x".repeat(9_000);
    let baggage = Baggage::parse([format!("sentry-a=1,sentry-huge={huge},sentry-b=2")]);
    assert_eq!(baggage.as_str(), "sentry-a=1,sentry-b=2");
    let long = "x".repeat(Baggage::MAX_LEN);
    let header = format!("sentry-release={long},sentry-org_id=7");
    assert_eq!(Baggage::parse([header]).as_str(), "sentry-org_id=7");
}
