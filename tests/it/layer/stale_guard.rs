//! The guard in pages whose tags are not in them.

use std::time::Duration;

use http::Method;
use sentry_ssr::RootSpanLayer;

use super::{
    Answer, ETAG, FRESH, HTML, Lines, PAGE, ask, foreign, get_from, injecting, own, request,
    streamed,
};
use crate::support::ids::TRACE_ID;

const HEAD: &str = "<!doctype html><html><head><meta charset=utf-8>";

fn guarded(layer: RootSpanLayer) -> RootSpanLayer {
    layer.stale_guard(Duration::from_secs(60))
}

/// The page with a hole where the guard stands alone, which knows the trace.
fn around_guard(answer: &Answer) -> Option<(&str, &str)> {
    let (before, rest) = answer.text().split_once("<script>(function(")?;
    let (guard, after) = rest.split_once("-1')</script>")?;
    let (_, ids) = guard.split_once(",60000,'")?;
    (ids.starts_with(TRACE_ID) && !after.contains(TRACE_ID)).then_some((before, after))
}

#[tokio::test]
async fn is_inserted_into_a_page_whose_trace_is_sent_in_the_header() {
    let revalidated: Lines = &[HTML, ETAG];
    for (lines, layer) in [
        (revalidated, RootSpanLayer::new()),
        (revalidated, injecting()),
        (&[HTML], RootSpanLayer::new().server_timing(true)),
    ] {
        let answer = get_from(foreign(200, lines, PAGE), guarded(layer)).await;
        assert!(answer.has_timing());
        let (before, after) = around_guard(&answer).unwrap();
        assert_eq!(before, HEAD);
        assert_eq!(after, "<title>t</title></head>");
        assert_eq!(answer.length(), Some(answer.body.len()));
        assert!(answer.header("etag").is_none_or(|etag| etag == "W/\"v1\""));
    }
}

#[tokio::test]
async fn carries_the_nonce_of_the_page() {
    const POLICY: &str = "script-src 'nonce-r4nd0m'";
    let lines = &[HTML, ETAG, ("content-security-policy", POLICY)];
    let answer = get_from(foreign(200, lines, PAGE), guarded(RootSpanLayer::new())).await;
    let after = answer.text().strip_prefix(HEAD).unwrap();
    assert!(after.starts_with("<script nonce=\"r4nd0m\">"), "{after}");
}

#[tokio::test]
async fn is_not_inserted_where_there_is_no_trace() {
    for lines in [&[HTML] as Lines, &[HTML, FRESH]] {
        let answer = get_from(foreign(200, lines, PAGE), guarded(RootSpanLayer::new())).await;
        assert_eq!(answer.text(), PAGE);
    }
    let app = foreign(304, &[ETAG], "").layer(guarded(RootSpanLayer::new()));
    let answer = ask(&app, request(Method::GET)).await;
    assert!(answer.has_timing());
    assert_eq!(answer.text(), "");
}

#[tokio::test]
async fn is_left_to_the_template_that_renders_the_tags() {
    let layer = guarded(RootSpanLayer::new().server_timing(true));
    let answer = get_from(own(&[HTML]), layer).await;
    let (_, after) = answer.around_tags().unwrap();
    assert_eq!(after, "<title>t</title>");
}

#[tokio::test]
async fn does_not_keep_tags_that_are_rendered_late_in_a_page_that_is_revalidated() {
    let app = streamed(&[HTML, ETAG], |at| match at {
        0 => Some("<!doctype html><head>".into()),
        1 => Some(sentry_ssr::meta_tags().to_string()),
        _ => None,
    });
    let answer = get_from(app, guarded(injecting())).await;
    let after = answer.text().strip_prefix("<!doctype html><head>").unwrap();
    assert!(
        after.starts_with("<script>") && after.ends_with("</script>"),
        "{after}"
    );
    assert!(answer.has_timing());
}
