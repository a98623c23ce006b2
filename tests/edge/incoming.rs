//! What happens to a trace that arrives with a request.

use crate::behind_each_proxy;
use crate::client::Values;
use crate::proxy::Kind;
use crate::rig::{Rig, at_rate};
use crate::visits::assert_same_trace;

behind_each_proxy!(
    a_valid_trace_is_continued_as_it_came,
    a_malformed_trace_is_replaced,
    the_options_say_whose_trace_is_continued,
    a_trace_is_ignored_where_the_options_say_so,
    baggage_of_other_vendors_goes_to_the_service_alone,
);

pub(crate) const IDS: &str = "771a43a4192642f0b136d5159a501700-b7ad6b7169203331";

pub(crate) fn trace(rest: &str) -> String {
    format!("sentry-trace: {IDS}{rest}")
}

pub(crate) fn is_continued(values: &Values) -> bool {
    values.trace.to_string().starts_with(IDS)
}

async fn a_valid_trace_is_continued_as_it_came(kind: Kind) {
    let rig = Rig::start(kind, &at_rate(0.0)).await;
    let all = "sentry-trace_id=771a43a4192642f0b136d5159a501700,sentry-release=%22%20a,sentry-unknown=x|y,sentry-sampled=true";
    for (value, baggage, expected) in [
        (format!("{IDS}-1"), all, all),
        (format!("{IDS}-0"), "sentry-org_id=7", "sentry-org_id=7"),
        (format!("\t {IDS}-1 "), "sentry-a=1", "sentry-a=1"),
        (
            format!(" , ,{IDS}-1 , other"),
            "sentry-a=1 ,\tsentry-b = 2",
            "sentry-a=1,sentry-b=2",
        ),
        (
            format!("{IDS}-1"),
            "a=1,sentry-a=1,b=2,sentry-b=2",
            "sentry-a=1,sentry-b=2",
        ),
        (
            format!("{IDS}-1"),
            "sentry-a=%,sentry-b=%2,sentry-c=%zz,sentry-d=4",
            "sentry-d=4",
        ),
        (
            format!("{IDS}-1"),
            "sentry-a,sentry-=1,sentry-b=,sentry-c=\"x",
            "sentry-b=",
        ),
        (format!("{IDS}-1"), "a=1", ""),
    ] {
        let (values, seen) = rig.pass(&[
            &format!("sentry-trace: {value}"),
            &format!("baggage: {baggage}"),
        ]);
        let sampled = if value.contains("-0") { "-0" } else { "-1" };
        assert_eq!(
            values.trace.to_string(),
            format!("{IDS}{sampled}"),
            "{value:?}"
        );
        assert_eq!(values.baggage.as_str(), expected, "{baggage:?}");
        assert_same_trace(&values, &seen);
    }
    // The same out of the cache.
    let ask = || rig.get("/pages/1", &[&trace("-1"), "baggage: sentry-a=1,b=2"]);
    assert!(!ask().is_hit());
    let hit = ask();
    assert!(hit.is_hit());
    assert_eq!(
        hit.all("server-timing").collect::<Vec<_>>(),
        [format!(
            r#"sentry-trace;desc="{IDS}-1", baggage;desc="sentry-a=1""#
        )]
    );
}

async fn a_malformed_trace_is_replaced(kind: Kind) {
    let rig = Rig::start(kind, &at_rate(0.25)).await;
    let zeros = "0".repeat(32);
    for value in [
        String::new(),
        "nonsense".to_owned(),
        format!("{IDS}-"),
        format!("{IDS}-2"),
        format!("{IDS}-11"),
        format!("{IDS}-1-1"),
        format!("{IDS}f-1"),
        format!("x, {IDS}-1"),
        format!("{IDS} -1"),
        IDS.to_uppercase(),
        IDS.replace("771a43a4192642f0b136d5159a501700", &zeros),
        IDS.replace("b7ad6b7169203331", &zeros[..16]),
        IDS.replace('-', "_"),
    ] {
        let baggage = "baggage: a=1,sentry-release=stranger,%73entry-x=1,sentry-odd;=2,b=2";
        let (values, seen) = rig.pass(&[&format!("sentry-trace: {value}"), baggage]);
        values.assert_whole();
        assert!(!is_continued(&values), "{value:?}");
        assert_eq!(values.entry("release").as_deref(), Some("shop@1.4.0"));
        assert_same_trace(&values, &seen);
        assert_eq!(
            seen.all("baggage"),
            [format!("a=1,b=2,{}", values.baggage)],
            "{value:?}"
        );
    }
}

async fn the_options_say_whose_trace_is_continued(kind: Kind) {
    let unnamed = |strict| {
        let options = sentry_ssr::TraceOptions::new()
            .traces_sample_rate(1.0)
            .unwrap();
        options.strict_trace_continuation(strict)
    };
    for (options, org, continued) in [
        (
            at_rate(1.0),
            [
                "sentry-org_id=7",
                "sentry-org_id=8",
                "sentry-a=1",
                "sentry-org_id=",
                "sentry-org_id=8,sentry-org_id=7",
            ],
            [true, false, true, true, true],
        ),
        (
            at_rate(1.0).strict_trace_continuation(true),
            [
                "sentry-org_id=7",
                "sentry-org_id=77",
                "sentry-a=1",
                "sentry-org_id=7,sentry-org_id=8",
                "x=1,sentry-org_id = 7 ",
            ],
            [true, false, false, false, true],
        ),
        (
            unnamed(false),
            [
                "sentry-org_id=7",
                "sentry-org_id=8",
                "sentry-a=1",
                "sentry-org_id=",
                "a=1",
            ],
            [true; 5],
        ),
        (
            unnamed(true),
            [
                "sentry-org_id=7",
                "sentry-org_id=8",
                "sentry-a=1",
                "sentry-org_id=",
                "a=1",
            ],
            [false, false, true, true, true],
        ),
    ] {
        let rig = Rig::start(kind, &options).await;
        for (baggage, continued) in org.into_iter().zip(continued) {
            let (values, seen) = rig.pass(&[&trace("-0"), &format!("baggage: {baggage}")]);
            assert_eq!(is_continued(&values), continued, "{baggage} by {options:?}");
            assert_same_trace(&values, &seen);
        }
    }
}

async fn a_trace_is_ignored_where_the_options_say_so(kind: Kind) {
    let rig = Rig::start(kind, &at_rate(1.0).ignore_incoming_traces(true)).await;
    for baggage in ["baggage: a=1", "baggage: sentry-org_id=7"] {
        let (values, seen) = rig.pass(&[&trace("-0"), baggage]);
        assert!(!is_continued(&values));
        values.assert_whole();
        assert_same_trace(&values, &seen);
    }
}

async fn baggage_of_other_vendors_goes_to_the_service_alone(kind: Kind) {
    let rig = Rig::start(kind, &at_rate(0.25)).await;
    let theirs = "vendor=secret;p=\"q, user = b%20c;x,d=\u{e9}";
    for lines in [
        vec![format!("baggage: {theirs}")],
        vec![format!("baggage: {theirs},sentry-a=1"), trace("-1")],
        vec![format!("baggage: sentry-a=1,{theirs}"), trace("-1")],
        vec![format!("baggage: sentry-a=1;p=2,{theirs}"), trace("")],
    ] {
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        let response = rig.get("/alone", &lines);
        let timing: Vec<_> = response.all("server-timing").collect();
        assert!(
            !timing[0].contains("secret") && !timing[0].contains("user"),
            "{timing:?}"
        );
        let seen = rig.origin.seen_once();
        let baggage = seen.headers.get_all("baggage").iter().next().unwrap();
        let baggage = String::from_utf8_lossy(baggage.as_bytes());
        let of_others: Vec<_> = baggage
            .split(',')
            .filter(|it| !it.trim().starts_with("sentry-"))
            .collect();
        assert_eq!(of_others.join(","), theirs, "{lines:?}");
        assert_same_trace(&response.values().unwrap(), &seen);
    }
}
