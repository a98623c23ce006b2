//! What only nginx does.

use crate::proxy::Kind;
use crate::rig::{Rig, at_rate};
use crate::visits::assert_same_trace;

const TRACE: &str = "sentry-trace: 771a43a4192642f0b136d5159a501700-b7ad6b7169203331-1";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs nginx: tests/edge/run"]
async fn a_location_keeps_what_its_expression_has_captured() {
    let rig = Rig::start(Kind::Nginx, &at_rate(0.5)).await;
    for lines in [&[][..], &[TRACE, "baggage: a=1,sentry-a=1"]] {
        let response = rig.get("/captured/shop", lines);
        assert_eq!(response.status, 200, "{response:?}");
        let seen = rig.origin.seen_once();
        assert_eq!(seen.all("x-captured"), ["shop"]);
        assert_same_trace(&response.values().unwrap(), &seen);

        let response = rig.get("/moved", lines);
        let location = response.all("location").next().unwrap();
        assert!(location.ends_with("/ved/pages/1"), "{location}");
        assert_same_trace(&response.values().unwrap(), &rig.origin.seen_once());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs nginx: tests/edge/run"]
async fn an_organization_counts_where_its_entry_cannot_be_continued() {
    let rig = Rig::start(Kind::Nginx, &at_rate(0.5)).await;
    let fragmented = "sentry-a=1,v=1,sentry-b=2,v=2,sentry-c=3,v=3,sentry-d=4,v=4,sentry-org_id=";
    for (org, continues) in [("7", true), ("8", false), ("7;p=1", true), ("8;p=1", false)] {
        for before in ["", fragmented.trim_end_matches("sentry-org_id=")] {
            let (values, _) = rig.pass(&[TRACE, &format!("baggage: {before}sentry-org_id={org}")]);
            let is_continued = TRACE.ends_with(&values.trace.to_string());
            assert_eq!(is_continued, continues, "{before}{org}");
        }
    }
}
