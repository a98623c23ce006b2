//! The guard under a Content Security Policy: it is left out where the policy would block it.

use std::time::Duration;

use sentry_ssr::RootSpanLayer;

use super::site::*;

const CSP: &str = "content-security-policy";
const REPORT: &str = "content-security-policy-report-only";

async fn sent(lines: Vec<Line>, page: &str) -> Answer {
    let layer = RootSpanLayer::new()
        .inject_tags(true)
        .stale_guard(Duration::from_secs(60));
    let lines = [vec![HTML], lines].concat();
    get_from(bytes(lines, page.as_bytes().to_vec()), layer).await
}

const PAGE: &str = "<!doctype html><html><head><meta charset=utf-8><title>t</title></head></html>";

fn guard_of(answer: &Answer) -> Option<&str> {
    let (_, script) = answer.text().split_once("<script")?;
    script.split_once('>').map(|(attributes, _)| attributes)
}

const BLOCKED: &[&[Line]] = &[
    &[(CSP, "script-src 'self'")],
    &[(CSP, "default-src 'self'")],
    &[(CSP, "default-src 'none'; style-src 'unsafe-inline'")],
    &[(CSP, "script-src 'self' 'sha256-abc='")],
    &[(CSP, "script-src")],
    &[(CSP, "script-src 'unsafe-inline' 'sha256-abc='")],
    &[(CSP, "script-src 'unsafe-inline' 'strict-dynamic'")],
    &[(CSP, "script-src 'strict-dynamic' https:")],
    &[(CSP, "script-src-elem 'self'; script-src 'unsafe-inline'")],
    &[(CSP, "script-src 'self'; script-src 'unsafe-inline'")],
    &[(CSP, "SCRIPT-SRC 'SELF'")],
    &[(CSP, "script-src 'unsafe-inline', script-src 'self'")],
    &[
        (CSP, "script-src 'unsafe-inline'"),
        (CSP, "script-src 'self'"),
    ],
    &[(CSP, "script-src 'nonce-a'"), (CSP, "script-src 'nonce-b'")],
    &[(CSP, "script-src 'nonce-a'"), (CSP, "default-src 'self'")],
    &[(REPORT, "script-src 'self'")],
    &[(CSP, "script-src 'nonce-a'"), (REPORT, "script-src 'self'")],
    &[(CSP, "script-src unsafe-inline")],
    &[(CSP, "script-src 'nonce-'")],
];

#[tokio::test]
async fn it_is_left_out_where_it_would_be_blocked_or_reported() {
    for lines in BLOCKED {
        let answer = sent(lines.to_vec(), PAGE).await;
        assert_eq!(guard_of(&answer), None, "{lines:?}");
        assert_eq!(answer.tags(), 1, "the tags need no permission: {lines:?}");
    }
}

const ALLOWED: &[(&[Line], &str)] = &[
    (&[], ""),
    (&[(CSP, "img-src 'self'")], ""),
    (&[(CSP, "")], ""),
    (&[(CSP, "script-src 'self' 'unsafe-inline'")], ""),
    (&[(CSP, "script-src 'Unsafe-Inline'")], ""),
    (&[(CSP, "default-src 'self' 'unsafe-inline'")], ""),
    (&[(CSP, "script-src-attr 'none'")], ""),
    (&[(CSP, "script-src 'nonce-r4nd0m'")], " nonce=\"r4nd0m\""),
    (&[(CSP, "script-src 'NONCE-r4nd0m'")], " nonce=\"r4nd0m\""),
    (
        &[(
            CSP,
            "script-src 'self' 'nonce-r4nd0m' 'strict-dynamic' 'unsafe-inline'",
        )],
        " nonce=\"r4nd0m\"",
    ),
    (&[(CSP, "default-src 'nonce-r4nd0m'")], " nonce=\"r4nd0m\""),
    (
        &[(CSP, "default-src 'self'; script-src-elem 'nonce-r4nd0m'")],
        " nonce=\"r4nd0m\"",
    ),
    (
        &[(CSP, "style-src 'nonce-no'; script-src 'nonce-r4nd0m'")],
        " nonce=\"r4nd0m\"",
    ),
    (
        &[
            (CSP, "script-src 'nonce-a' 'nonce-b'"),
            (CSP, "script-src 'nonce-b'"),
        ],
        " nonce=\"b\"",
    ),
    (
        &[
            (CSP, "script-src 'nonce-a'"),
            (REPORT, "script-src 'nonce-a'"),
        ],
        " nonce=\"a\"",
    ),
    (
        &[
            (CSP, "script-src 'nonce-a'"),
            (CSP, "script-src 'unsafe-inline'"),
        ],
        " nonce=\"a\"",
    ),
    (
        &[(CSP, "img-src 'self', script-src 'nonce-a'")],
        " nonce=\"a\"",
    ),
];

#[tokio::test]
async fn it_is_inserted_where_the_policy_allows_it() {
    for (lines, attributes) in ALLOWED {
        let answer = sent(lines.to_vec(), PAGE).await;
        assert_eq!(guard_of(&answer), Some(*attributes), "{lines:?}");
    }
}

fn with_policy(policy: &str) -> String {
    format!("<!doctype html><html><head><meta charset=utf-8>{policy}<title>t</title></head></html>")
}

#[tokio::test]
async fn the_policy_of_the_page_itself_counts() {
    for (policy, attributes) in [
        (
            "<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'self'\">",
            None,
        ),
        (
            "<META content=\"default-src 'none'\" HTTP-EQUIV=content-security-policy>",
            None,
        ),
        (
            "<meta http-equiv=content-security-policy content=\"script-src &#39;self&#39;\">",
            None,
        ),
        (
            "<meta http-equiv=content-security-policy content=\"script-src 'nonce-n'\">",
            Some(" nonce=\"n\""),
        ),
        (
            "<meta http-equiv=content-security-policy content=\"script-src 'unsafe-inline'\">",
            Some(""),
        ),
        (
            "<meta http-equiv=content-security-policy content=\"img-src 'self'\">",
            Some(""),
        ),
        (
            "<meta http-equiv=content-security-policy-report-only content=\"script-src 'self'\">",
            Some(""),
        ),
        (
            "<meta name=content-security-policy content=\"script-src 'self'\">",
            Some(""),
        ),
        (
            "<!-- <meta http-equiv=content-security-policy content=\"script-src 'self'\"> -->",
            Some(""),
        ),
    ] {
        let answer = sent(Vec::new(), &with_policy(policy)).await;
        assert_eq!(guard_of(&answer), attributes, "{policy}");
        assert_eq!(answer.tags(), 1, "{policy}");
    }
}

#[tokio::test]
async fn both_policies_have_to_allow_it() {
    let own =
        with_policy("<meta http-equiv=content-security-policy content=\"script-src 'nonce-n'\">");
    let answer = sent(vec![(CSP, "script-src 'nonce-m'")], &own).await;
    assert_eq!(guard_of(&answer), None);
    let answer = sent(vec![(CSP, "script-src 'nonce-m' 'nonce-n'")], &own).await;
    assert_eq!(guard_of(&answer), Some(" nonce=\"n\""));
}

#[tokio::test]
async fn a_page_whose_trace_is_in_the_header_stays_as_it_was() {
    let layer = RootSpanLayer::new().stale_guard(Duration::from_secs(60));
    let lines = vec![HTML, ETAG, (CSP, "script-src 'self'")];
    let answer = get_from(bytes(lines, PAGE.into()), layer).await;
    assert_eq!(answer.text(), PAGE);
    assert_eq!(answer.header("etag").unwrap(), "\"v1\"");
    assert!(answer.has_trace_in_headers());
}
