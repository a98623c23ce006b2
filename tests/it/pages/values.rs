//! A trace that was given out in another way than by the tags of this crate, or tags that were changed on the way.

use std::convert::Infallible;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::AppendHeaders;
use axum::routing::get;
use futures_util::stream;
use sentry_ssr::{CachePolicy, RootSpan, RootSpanLayer};

use super::site::*;

type Write = fn(&RootSpan) -> String;

fn whole(content: &str) -> String {
    format!("{BEFORE}{content}{AFTER}")
}

fn meta(trace: impl std::fmt::Display, baggage: impl std::fmt::Display) -> String {
    format!(
        "<meta name=\"sentry-trace\" content=\"{trace}\"><meta name=\"baggage\" content=\"{baggage}\">"
    )
}

const WAYS: &[(&str, Write)] = &[
    ("sentry_trace and baggage in a template", |span| {
        whole(&meta(span.sentry_trace(), span.baggage()))
    }),
    ("trace_data as meta elements", |span| {
        let data = span.trace_data();
        whole(&meta(data.sentry_trace(), data.baggage()))
    }),
    ("trace_data of the request that is running", |_| {
        let data = sentry_ssr::trace_data().unwrap();
        whole(&meta(data.sentry_trace(), data.baggage()))
    }),
    ("trace_data as JSON", |span| {
        let data = serde_json::to_string(&span.trace_data().into_remix()).unwrap();
        whole(&format!(
            "<script type=\"application/json\">{data}</script>"
        ))
    }),
    ("the ids one by one", |span| {
        whole(&meta(format!("{}-{}", span.trace_id(), span.span_id()), ""))
    }),
    ("the context's trace id", |span| {
        whole(
            span.dynamic_sampling_context()
                .as_baggage()
                .get("trace_id")
                .as_deref()
                .unwrap_or(TRACE_ID),
        )
    }),
    ("tags without quotes", |span| {
        whole(&tags(span).replace('"', ""))
    }),
    ("tags that are closed", |span| {
        whole(&tags(span).replace("\">", "\"/>"))
    }),
    ("tags with a space before the end", |span| {
        whole(&tags(span).replace("\">", "\" >"))
    }),
    ("tags in upper case", |span| {
        whole(&tags(span).replace("<meta name", "<META NAME"))
    }),
    ("tags with single quotes", |span| {
        whole(&tags(span).replace('"', "'"))
    }),
    ("tags with entities", |span| {
        whole(&tags(span).replace('=', "&#61;"))
    }),
    ("tags with their attributes turned round", |span| {
        whole(&format!(
            "<meta content=\"{}\" name=\"sentry-trace\">",
            span.sentry_trace()
        ))
    }),
    ("the first tag only", |span| {
        let tags = tags(span);
        whole(tags.split_inclusive('>').next().unwrap())
    }),
    ("the tags, and the value once more", |span| {
        whole(&format!("{}<!-- {} -->", tags(span), span.sentry_trace()))
    }),
];

/// Values that look just like the tags are removed like these; for all others the page is made unstorable.
fn is_kept_from_caches(answer: &Answer) -> bool {
    if answer.has_trace_in_page() {
        answer.is_unstorable() && answer.is_private()
    } else {
        answer.text() == whole("")
    }
}

#[tokio::test]
async fn a_page_that_can_be_replayed_is_made_unstorable() {
    for (way, write) in WAYS {
        for lines in [
            &[HTML, FRESH] as &[Line],
            &[HTML, FRESH, ETAG],
            &[HTML, ("expires", "Wed, 25 Nov 2076 02:00:00 GMT")],
        ] {
            let answer = get_from(page(lines, *write), RootSpanLayer::new()).await;
            assert!(is_kept_from_caches(&answer), "{way}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn one_that_is_revalidated_too() {
    for (way, write) in WAYS {
        let answer = get_from(page(&[HTML, ETAG], *write), RootSpanLayer::new()).await;
        assert!(is_kept_from_caches(&answer), "{way}: {answer:?}");
    }
}

#[tokio::test]
async fn one_that_says_nothing_is_private() {
    for (way, write) in WAYS {
        let answer = get_from(page(&[HTML], *write), RootSpanLayer::new()).await;
        assert!(
            answer.has_trace_in_page() && answer.is_private(),
            "{way}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn none_gets_tags_inserted() {
    for (way, write) in WAYS {
        let tags_before = get_from(page(&[HTML], *write), RootSpanLayer::new())
            .await
            .tags();
        let answer = get_from(
            page(&[HTML], *write),
            RootSpanLayer::new().inject_tags(true),
        )
        .await;
        assert_eq!(answer.tags(), tags_before, "{way}: {}", answer.text());
    }
}

#[tokio::test]
async fn none_is_changed_by_keep() {
    for (way, write) in WAYS {
        let layer = RootSpanLayer::new().cache_policy(CachePolicy::Keep);
        let answer = get_from(page(&[HTML, FRESH, ETAG], *write), layer).await;
        assert_eq!(
            (answer.cache_control(), answer.header("etag")),
            ("max-age=60".into(), Some("\"v1\"".into())),
            "{way}"
        );
    }
}

#[tokio::test]
async fn data_is_no_less_personal_than_a_page() {
    const JSON: Line = ("content-type", "application/json");
    let data: Write = |span| serde_json::to_string(&span.trace_data()).unwrap();
    let answer = get_from(page(&[JSON, FRESH, ETAG], data), RootSpanLayer::new()).await;
    assert!(
        answer.has_trace_in_page() && answer.is_unstorable(),
        "{answer:?}"
    );
    let answer = get_from(page(&[JSON], data), RootSpanLayer::new()).await;
    assert!(answer.is_private());
}

#[tokio::test]
async fn a_page_that_is_revalidated_or_replayed_loses_tags_that_are_still_as_they_were() {
    for lines in [&[HTML, ETAG] as &[Line], &[HTML, FRESH]] {
        let answer = get_from(page(lines, |span| whole(&tags(span))), RootSpanLayer::new()).await;
        assert_eq!(answer.text(), whole(""));
    }
}

fn log(line: &str) {
    tracing::info!("{line}");
}

/// What a handler may do with its trace without giving it to the visitor.
const HARMLESS: &[(&str, Write)] = &[
    ("logs the trace id", |span| {
        log(&format!(
            "{} of {:?}",
            span.trace_id(),
            span.parent_span_id()
        ));
        whole("")
    }),
    ("logs the values", |span| {
        log(&format!(
            "{} {} {span:?}",
            span.sentry_trace(),
            span.baggage()
        ));
        whole("")
    }),
    ("calls another service", |span| {
        let mut headers = http::HeaderMap::new();
        if let Some(outgoing) = span.outgoing_to("http://localhost/") {
            outgoing.insert_into(&mut headers);
        }
        assert_eq!(headers.len(), 2);
        whole("")
    }),
    ("starts a program", |span| {
        assert_eq!(span.outgoing().env_vars().count(), 2);
        whole("")
    }),
    ("offers tags that the template does not print", |span| {
        let _offered = serde_json::to_value(span.meta_tags()).unwrap();
        whole("")
    }),
];

#[tokio::test]
async fn a_page_without_the_trace_keeps_its_cache() {
    for (what, write) in HARMLESS {
        let answer = get_from(page(&[HTML, FRESH, ETAG], *write), RootSpanLayer::new()).await;
        assert_eq!(answer.cache_control(), "max-age=60", "{what}");
        assert_eq!(answer.header("etag").unwrap(), "\"v1\"", "{what}");
        assert!(answer.is_silent(), "{what}");
    }
}

/// A page whose bytes come after its head, so that nobody knows what will stand in it.
fn unseen(lines: &'static [Line], write: Write) -> Router {
    let page = move |span: RootSpan| async move {
        let pieces =
            [BEFORE.to_owned(), write(&span)].map(|it| Ok::<_, Infallible>(Bytes::from(it)));
        (
            AppendHeaders(lines.to_vec()),
            Body::from_stream(stream::iter(pieces)),
        )
    };
    Router::new().route("/pages/{id}", get(page))
}

#[tokio::test]
async fn what_cannot_be_known_is_made_unstorable() {
    for (way, write) in WAYS.iter().filter(|(way, _)| *way != "the ids one by one") {
        for lines in [&[HTML, FRESH] as &[Line], &[HTML, ETAG]] {
            let answer = get_from(unseen(lines, *write), RootSpanLayer::new()).await;
            assert!(answer.is_unstorable(), "{way}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn a_stream_whose_trace_id_was_asked_for_keeps_its_cache() {
    for (what, write) in HARMLESS.iter().filter(|(what, _)| {
        [
            "logs the trace id",
            "calls another service",
            "starts a program",
        ]
        .contains(what)
    }) {
        let answer = get_from(unseen(&[HTML, FRESH, ETAG], *write), RootSpanLayer::new()).await;
        assert_eq!(answer.cache_control(), "max-age=60", "{what}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_made_unstorable() {
    const GZIP: Line = ("content-encoding", "gzip");
    const UTF16: Line = ("content-type", "text/html; charset=utf-16");
    for lines in [&[HTML, FRESH, ETAG, GZIP] as &[Line], &[UTF16, FRESH, ETAG]] {
        for write in [WAYS[0].1, |span: &RootSpan| whole(&tags(span))] {
            let answer = get_from(page(lines, write), RootSpanLayer::new()).await;
            assert!(answer.is_unstorable(), "{answer:?}");
        }
    }
}
