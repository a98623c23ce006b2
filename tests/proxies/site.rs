//! Pages of every kind: each way to give a trace out, under each set of headers.

use std::convert::Infallible;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::AppendHeaders;
use axum::routing::get;
use futures_util::stream;
use sentry_ssr::{RootSpan, RootSpanLayer};
use tower_http::compression::CompressionLayer;

pub(crate) type Lines = &'static [(&'static str, &'static str)];

pub(crate) const HTML: (&str, &str) = ("content-type", "text/html");
pub(crate) const ETAG: (&str, &str) = ("etag", "\"v1\"");

/// What the head of a page says to caches.
pub(crate) const HEADS: &[(&str, Lines)] = &[
    ("silent", &[]),
    ("etag", &[ETAG]),
    ("no-cache", &[ETAG, ("cache-control", "no-cache")]),
    ("expired", &[("expires", "0")]),
    ("max-age", &[("cache-control", "max-age=60")]),
    ("public", &[ETAG, ("cache-control", "public, max-age=60")]),
    (
        "esi",
        &[
            ("surrogate-control", "content=\"ESI/1.0\""),
            ("cache-control", "no-store"),
        ],
    ),
];

/// What stands before and behind the place of a trace in every page.
pub(crate) const BEFORE: &str = "<!doctype html><html><head><meta charset=utf-8>";
pub(crate) const BEHIND: &str = "<title>t</title></head><body><p>A page.</p></body></html>";

/// The name of a way, and the markup that it adds.
type Way = (&'static str, fn(&RootSpan) -> String);

/// The ways in which a page that is rendered at once gives its trace out.
pub(crate) const WAYS: &[Way] = &[
    ("foreign", |_| String::new()),
    ("tags", |span| span.meta_tags().to_string()),
    ("minified", |span| {
        span.meta_tags().to_string().replace('"', "")
    }),
    ("closed", |span| {
        span.meta_tags().to_string().replace("\">", "\" />")
    }),
    ("template", |span| {
        let (trace, baggage) = (span.sentry_trace(), span.baggage());
        format!(
            "<meta name=\"sentry-trace\" content=\"{trace}\"><meta content=\"{baggage}\" name=\"baggage\">"
        )
    }),
    ("data", |span| {
        let data = serde_json::to_string(&span.trace_data()).unwrap();
        format!("<script type=\"application/json\">{data}</script>")
    }),
    ("ids", |span| {
        format!(
            "<meta name=\"sentry-trace\" content=\"{}-{}\">",
            span.trace_id(),
            span.span_id()
        )
    }),
];

/// Ways in which a page gives it out that is rendered while it is sent.
pub(crate) const STREAMED: &[&str] = &["early", "late", "compressed"];

pub(crate) fn app(layer: RootSpanLayer) -> Router {
    let mut app = Router::new();
    for (head, lines) in HEADS {
        for (way, trace) in WAYS {
            let page = move |span: RootSpan| async move {
                let page = format!("{BEFORE}{}{BEHIND}", trace(&span));
                (AppendHeaders([&[HTML], *lines].concat()), Body::from(page))
            };
            app = app.route(&format!("/{way}/{head}"), get(page));
        }
        app = app.route(
            &format!("/early/{head}"),
            get(move |span: RootSpan| async move { early(&span, lines) }),
        );
        app = app.route(&format!("/late/{head}"), get(async move || late(lines)));
        let compressed = get(async move || late(lines)).layer(CompressionLayer::new());
        app = app.route(&format!("/compressed/{head}"), compressed);
    }
    app.layer(layer)
}

/// The values are taken before the head is sent.
fn early(
    span: &RootSpan,
    lines: Lines,
) -> (AppendHeaders<Vec<(&'static str, &'static str)>>, Body) {
    let tag = format!(
        "<meta name=\"sentry-trace\" content=\"{}\">",
        span.sentry_trace()
    );
    let pieces = [BEFORE.to_owned(), tag, BEHIND.to_owned()];
    let pieces = pieces.map(|piece| Ok::<_, Infallible>(Bytes::from(piece)));
    let body = Body::from_stream(stream::iter(pieces));
    (AppendHeaders([&[HTML], lines].concat()), body)
}

/// The tags are rendered after the head was sent.
fn late(lines: Lines) -> (AppendHeaders<Vec<(&'static str, &'static str)>>, Body) {
    let piece = |at| match at {
        0 => BEFORE.to_owned(),
        1 => sentry_ssr::meta_tags().to_string(),
        _ => BEHIND.to_owned(),
    };
    let pieces = (0..3).map(move |at| Ok::<_, Infallible>(Bytes::from(piece(at))));
    let body = Body::from_stream(stream::iter(pieces));
    (AppendHeaders([&[HTML], lines].concat()), body)
}
