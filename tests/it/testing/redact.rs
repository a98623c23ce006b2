//! Stable names in snapshots: what is replaced, what stays, and that the same value keeps its name.

use sentry_ssr::testing::{INSTA_FILTERS, Redactor, redact};

const A: &str = "aaaaaaaaaaaa4aaa8aaaaaaaaaaaaaaa";
const B: &str = "bbbbbbbbbbbb4bbb8bbbbbbbbbbbbbbb";
const S: &str = "1111111111111111";
const T: &str = "2222222222222222";

#[test]
fn headers_are_redacted() {
    let baggage = format!(
        "sentry-trace_id={A},sentry-sample_rand=0.332200,sentry-release=shop%401.2.3,sentry-environment=test"
    );
    let timing = format!(
        r#"sentry-trace;desc="{A}-{S}-1", baggage;desc="sentry-sample_rand=0.1,sentry-release=1""#
    );
    let cases = [
        (format!("{A}-{S}-1"), "[trace-1]-[span-1]-1"),
        (format!("{A}-{S}"), "[trace-1]-[span-1]"),
        (format!("00-{A}-{S}-01"), "00-[trace-1]-[span-1]-01"),
        (
            baggage,
            "sentry-trace_id=[trace-1],sentry-sample_rand=[rand-1],sentry-release=[release-1],sentry-environment=test",
        ),
        (
            timing,
            r#"sentry-trace;desc="[trace-1]-[span-1]-1", baggage;desc="sentry-sample_rand=[rand-1],sentry-release=[release-1]""#,
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(redact(&text), expected);
    }
}

#[test]
fn a_page_is_redacted() {
    let page = format!(
        "<meta name=\"sentry-trace\" content=\"{A}-{S}-0\">\
         <meta name=\"baggage\" content=\"sentry-release=a-b,sentry-trace_id={A}\">"
    );
    assert_eq!(
        redact(&page),
        "<meta name=\"sentry-trace\" content=\"[trace-1]-[span-1]-0\">\
         <meta name=\"baggage\" content=\"sentry-release=[release-1],sentry-trace_id=[trace-1]\">"
    );
}

#[test]
fn json_is_redacted() {
    let cases = [
        (
            format!(
                r#"{{"sentryTrace":"{A}-{S}","baggage":"sentry-trace_id={A},sentry-sample_rand=0.5"}}"#
            ),
            r#"{"sentryTrace":"[trace-1]-[span-1]","baggage":"sentry-trace_id=[trace-1],sentry-sample_rand=[rand-1]"}"#,
        ),
        (
            format!(r#"{{"trace":{{"trace_id": "{A}","sample_rand":"0.3","release":"a@1"}}}}"#),
            r#"{"trace":{"trace_id": "[trace-1]","sample_rand":"[rand-1]","release":"[release-1]"}}"#,
        ),
        (
            format!(r#"{{"span_id":"{S}","parent_span_id":"{T}"}}"#),
            r#"{"span_id":"[span-1]","parent_span_id":"[span-2]"}"#,
        ),
        (
            format!(r#"{{\"trace_id\":\"{A}\"}}"#),
            r#"{\"trace_id\":\"[trace-1]\"}"#,
        ),
        (
            format!("{{&quot;trace_id&quot;:&quot;{A}&quot;}}"),
            "{&quot;trace_id&quot;:&quot;[trace-1]&quot;}",
        ),
        (
            format!("sentry-trace_id&#x3D;{A}"),
            "sentry-trace_id&#x3D;[trace-1]",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(redact(&text), expected);
    }
}

#[test]
fn the_same_value_has_the_same_name_and_another_one_another() {
    let text = format!("sentry-trace_id={B} {A}-{S}-1 {A}-{S}-1 {B}-{T}-1 X-Trace-Id: {A}");
    assert_eq!(
        redact(&text),
        "sentry-trace_id=[trace-1] [trace-2]-[span-1]-1 [trace-2]-[span-1]-1 \
         [trace-1]-[span-2]-1 X-Trace-Id: [trace-2]"
    );
}

#[test]
fn an_id_that_stands_alone_is_known_by_a_later_mention() {
    let text = format!("<p>{A} {S}</p> {A}-{S}");
    assert_eq!(
        redact(&text),
        "<p>[trace-1] [span-1]</p> [trace-1]-[span-1]"
    );
}

/// The browser prints the number anew, JSON does not percent-encode.
#[test]
fn a_value_has_one_name_in_all_its_spellings() {
    let text =
        r#"sentry-sample_rand=0.332200 "sample_rand":0.3322 sentry-release=a%401 "release":"a@1""#;
    assert_eq!(
        redact(text),
        r#"sentry-sample_rand=[rand-1] "sample_rand":[rand-1] sentry-release=[release-1] "release":"[release-1]""#
    );
}

#[test]
fn what_is_no_trace_of_ours_stays() {
    let texts = [
        "",
        "Hello",
        "sentry-public_key=0123456789abcdef0123456789abcdef,sentry-sample_rate=0.25,sentry-sampled=true",
        "<script src=/app-0123456789abcdef0123456789abcdef.js></script>",
        "release: tomorrow, trace_id unknown",
        "0123456789ABCDEF0123456789ABCDEF-0123456789ABCDEF",
        "ä🦀",
    ];
    for text in texts {
        assert_eq!(redact(text), text);
    }
}

#[test]
fn redacting_twice_changes_nothing_more() {
    let once = redact(&format!("{A}-{S} sentry-release=1,sentry-sample_rand=0.5"));
    assert_eq!(redact(&once), once);
}

#[test]
fn a_redactor_keeps_its_names_over_several_texts() {
    let mut redactor = Redactor::new();
    assert_eq!(redactor.redact(&format!("{A}-{S}")), "[trace-1]-[span-1]");
    assert_eq!(
        redactor.redact(&format!("{B}-{S} {A}")),
        "[trace-2]-[span-1] [trace-1]"
    );
}

#[test]
fn the_insta_filters_name_the_kind_and_do_not_count() {
    let text = format!(
        r#"{A}-{S}-1 {B}-{T} sentry-trace_id={A},sentry-sample_rand=0.5,sentry-release=1 "span_id":"{S}" {A}"#
    );
    insta::with_settings!({ filters => INSTA_FILTERS }, {
        insta::assert_snapshot!(
            text,
            @r#"[trace]-[span]-1 [trace]-[span] sentry-trace_id=[trace],sentry-sample_rand=[rand],sentry-release=[release] "span_id":"[span]" aaaaaaaaaaaa4aaa8aaaaaaaaaaaaaaa"#
        );
    });
}
