//! The tags: how they look, and what an HTML parser reads back, whatever came in.
use askama::Template;
use scraper::{Html, Selector};
use sentry_ssr::{IncomingTrace, RootSpan, TraceOptions, TransactionName};

use crate::support::ids::SENTRY_TRACE;

#[derive(Template)]
#[template(
    source = r#"<!doctype html><html><head><meta charset="utf-8">{{ span.meta_tags() }}<title>t</title></head><body></body></html>"#,
    ext = "html"
)]
struct WithTags {
    span: RootSpan,
}

#[derive(Template)]
#[template(source = r#"{% include "meta_tags.html" %}"#, ext = "html")]
struct WithPartial {
    span: RootSpan,
}

fn span(options: &TraceOptions, sentry_trace: &[u8], baggage: &[u8]) -> RootSpan {
    let incoming = IncomingTrace::parse([sentry_trace], [baggage]);
    RootSpan::start(
        options,
        incoming,
        &TransactionName::route("GET", "/users/{id}"),
    )
}

fn continued(baggage: &str) -> RootSpan {
    span(
        &TraceOptions::new(),
        SENTRY_TRACE.as_bytes(),
        baggage.as_bytes(),
    )
}

/// All `<meta name>` of a page with their contents, as a parser finds them in its head.
fn metas(html: &str) -> Vec<(String, String)> {
    let page = Html::parse_document(html);
    let selector = Selector::parse("head > meta[name]").unwrap();
    page.select(&selector)
        .map(|meta| {
            let attr = |name| meta.attr(name).unwrap_or_default().to_owned();
            (attr("name"), attr("content"))
        })
        .collect()
}

/// A page whose ids are the same each time.
fn stable(html: &str, span: &RootSpan) -> String {
    let rand = span
        .baggage()
        .get("sample_rand")
        .unwrap_or_default()
        .into_owned();
    html.replace(&span.trace_id().to_string(), "[trace id]")
        .replace(&span.span_id().to_string(), "[span id]")
        .replace(&rand, "[rand]")
}

#[test]
fn head_of_trace() {
    let options = TraceOptions::new()
        .dsn("https://key@o7.ingest.sentry.io/1")
        .unwrap()
        .release("shop@1.4.0")
        .environment("production")
        .traces_sample_rate(1.0)
        .unwrap();
    let span = span(&options, b"", b"");
    let page = WithTags { span: span.clone() }.render().unwrap();
    insta::assert_snapshot!(stable(&page, &span));
}

#[test]
fn continued_trace() {
    let span = continued("sentry-release=a%40b,sentry-sample_rand=0.25,vendor=1");
    let page = WithTags { span: span.clone() }.render().unwrap();
    insta::assert_snapshot!(page.replace(&span.span_id().to_string(), "[span id]"));
}

#[test]
fn no_tag_for_an_empty_baggage() {
    let span = continued("vendor=1");
    let tags = span.meta_tags().to_string();
    assert_eq!(
        tags,
        format!(
            r#"<meta name="sentry-trace" content="{}">"#,
            span.sentry_trace()
        )
    );
}

#[test]
fn traceparent_only_where_asked_for() {
    assert_eq!(continued("").traceparent(), None);
    let options = TraceOptions::new().propagate_traceparent(true);
    let span = span(&options, SENTRY_TRACE.as_bytes(), b"sentry-a=1");
    let tags = metas(&span.meta_tags().to_string());
    let names: Vec<_> = tags.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["sentry-trace", "baggage", "traceparent"]);
    assert_eq!(
        tags[2].1,
        format!("00-{}-{}-01", span.trace_id(), span.span_id())
    );
}

#[test]
fn partial_renders_the_same_bytes() {
    let with_traceparent = TraceOptions::new().propagate_traceparent(true);
    for span in [
        continued(""),
        continued("sentry-a=%22%26%3C,sentry-b='x'&\"y\""),
        span(&TraceOptions::new(), b"", b""),
        span(&with_traceparent, SENTRY_TRACE.as_bytes(), b"sentry-a=1"),
    ] {
        let partial = WithPartial { span: span.clone() }.render().unwrap();
        assert_eq!(partial, span.meta_tags().to_string());
    }
}

#[test]
fn template_escapes_neither_twice_nor_differently() {
    let span = continued("sentry-a=\"&<x>'");
    let page = WithTags { span: span.clone() }.render().unwrap();
    assert!(page.contains(&span.meta_tags().to_string()));
    assert_eq!(metas(&page)[1].1, span.baggage().as_str());
    assert_eq!(
        serde_json::to_value(span.meta_tags()).unwrap(),
        span.meta_tags().to_string()
    );
}

#[test]
fn hostile_headers_leave_exactly_our_tags() {
    let long = format!("sentry-a={}", "x".repeat(100_000));
    let many: Vec<_> = (0..10_000)
        .map(|n| format!("sentry-k{n}=\"><script>{n}"))
        .collect();
    let many = many.join(",");
    let hostile: [&[u8]; 12] = [
        b"sentry-a=\"><script>alert(1)</script>",
        b"sentry-a='><img src=x onerror=alert(1)>",
        b"sentry-a=%22%3E%3Cscript%3E",
        b"sentry-\"><script>=1",
        b"sentry-%22%3E%3Cscript%3E=1",
        b"sentry-a=\0,sentry-b=1",
        b"sentry-a=%00,sentry-b=\x0b",
        b"sentry-a=\xff\xfe\"><script>,sentry-b=1",
        b"sentry-a=&quot;&#34;&gt;",
        b"sentry-a=</head><body>--><![CDATA[",
        long.as_bytes(),
        many.as_bytes(),
    ];
    let lone_tag = WithTags {
        span: continued(""),
    }
    .render()
    .unwrap();
    for baggage in hostile {
        for sentry_trace in [SENTRY_TRACE.as_bytes(), b"\"><script>", b"", b"\xff\0"] {
            let span = span(&TraceOptions::new(), sentry_trace, baggage);
            let page = WithTags { span: span.clone() }.render().unwrap();
            let mut expected = vec![("sentry-trace".to_owned(), span.sentry_trace().to_string())];
            if !span.baggage().is_empty() {
                expected.push(("baggage".to_owned(), span.baggage().to_string()));
            }
            assert_eq!(metas(&page), expected);
            let more_tags = page.matches('<').count() - lone_tag.matches('<').count();
            assert_eq!(more_tags, expected.len() - 1, "{page}");
            assert!(span.baggage().as_str().len() <= 8192);
        }
    }
}
