//! Pages under the whole layer: tags inserted, removed, sent in a header.

mod cache;
mod compression;
mod insertion;
mod server_timing;
mod stale_guard;

use std::convert::Infallible;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::AppendHeaders;
use axum::routing::get;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use sentry_ssr::{RootSpan, RootSpanLayer};
use tower::ServiceExt;

use crate::support::ids::{SENTRY_TRACE, TRACE_ID};

const HTML: (&str, &str) = ("content-type", "text/html; charset=utf-8");
const PAGE: &str = "<!doctype html><html><head><meta charset=utf-8><title>t</title></head>";
const ETAG: (&str, &str) = ("etag", "\"v1\"");
const FRESH: (&str, &str) = ("cache-control", "max-age=60");
const ASKED: (&str, &str) = ("cache-control", "no-cache");

type Lines = &'static [(&'static str, &'static str)];

/// What came out.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn length(&self) -> Option<usize> {
        self.header("content-length")?.parse().ok()
    }

    /// The page with a hole where its tags are; `None` if they are not there just once.
    fn around_tags(&self) -> Option<(&str, &str)> {
        let tags = format!(r#"<meta name="sentry-trace" content="{TRACE_ID}-"#);
        let (before, rest) = self.text().split_once(&tags)?;
        let (_, after) =
            rest.split_once(r#"<meta name="baggage" content="sentry-sample_rand=0.5">"#)?;
        (!after.contains("name=\"sentry-trace")).then_some((before, after))
    }

    fn has_timing(&self) -> bool {
        let timing = self.header("server-timing");
        timing.is_some_and(|timing| timing.starts_with(&format!("sentry-trace;desc=\"{TRACE_ID}-")))
    }

    fn is_silent(&self) -> bool {
        !self.text().contains(TRACE_ID) && !format!("{:?}", self.headers).contains(TRACE_ID)
    }
}

fn request(method: Method) -> http::request::Builder {
    Request::builder()
        .method(method)
        .uri("/pages/1")
        .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
        .header("accept-encoding", "gzip")
        .header("sentry-trace", SENTRY_TRACE)
        .header("baggage", "sentry-sample_rand=0.5")
}

async fn ask(app: &Router, request: http::request::Builder) -> Answer {
    let request = request.body(Body::empty()).unwrap();
    let (head, body) = app.clone().oneshot(request).await.unwrap().into_parts();
    Answer {
        status: head.status,
        headers: head.headers,
        body: body.collect().await.unwrap().to_bytes(),
    }
}

async fn get_from(app: Router, layer: RootSpanLayer) -> Answer {
    ask(&app.layer(layer), request(Method::GET)).await
}

/// A page that somebody else renders.
fn foreign(status: u16, lines: Lines, page: &'static str) -> Router {
    let status = StatusCode::from_u16(status).unwrap();
    let page = move || async move { (status, AppendHeaders(lines.to_vec()), Body::from(page)) };
    Router::new().route("/pages/{id}", get(page))
}

/// A page whose template prints the tags.
fn own(lines: Lines) -> Router {
    let page = move |span: RootSpan| async move {
        let page = format!("<!doctype html><head>{}<title>t</title>", span.meta_tags());
        (AppendHeaders(lines.to_vec()), Body::from(page))
    };
    Router::new().route("/pages/{id}", get(page))
}

/// A page that is rendered while it is sent.
fn streamed(lines: Lines, piece: fn(usize) -> Option<String>) -> Router {
    let page = move || async move {
        let frames = (0..)
            .map_while(piece)
            .map(|it| Ok::<_, Infallible>(Bytes::from(it)));
        let body = Body::from_stream(futures_util::stream::iter(frames));
        (AppendHeaders(lines.to_vec()), body)
    };
    Router::new().route("/pages/{id}", get(page))
}

fn injecting() -> RootSpanLayer {
    RootSpanLayer::new().inject_tags(true)
}
