//! One page, its request and its response.

use std::convert::Infallible;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::AppendHeaders;
use axum::routing::get;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use sentry_ssr::{RootSpan, RootSpanLayer};
use tower::ServiceExt;

pub(crate) use crate::support::ids::{SENTRY_TRACE, TRACE_ID};

pub(crate) const BAGGAGE: &str = "sentry-sample_rand=0.5";

pub(crate) const HTML: (&str, &str) = ("content-type", "text/html; charset=utf-8");
pub(crate) const ETAG: (&str, &str) = ("etag", "\"v1\"");
pub(crate) const FRESH: (&str, &str) = ("cache-control", "max-age=60");

/// A page without anything of ours, with the place of its tags between the two.
pub(crate) const BEFORE: &str = "<!doctype html><html><head><meta charset=utf-8>";
pub(crate) const AFTER: &str = "<title>t</title></head><body><p>Hello</p></body></html>";

pub(crate) type Line = (&'static str, &'static str);

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// All lines of a header, joined.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let lines: Vec<_> = self.headers.get_all(name).iter().collect();
        let lines = lines.iter().map(|line| line.to_str().unwrap());
        let joined = lines.collect::<Vec<_>>().join(", ");
        self.headers.contains_key(name).then_some(joined)
    }

    pub(crate) fn cache_control(&self) -> String {
        self.header("cache-control").unwrap_or_default()
    }

    pub(crate) fn is_private(&self) -> bool {
        self.cache_control().contains("private")
    }

    pub(crate) fn is_unstorable(&self) -> bool {
        self.cache_control().contains("no-store") && self.header("etag").is_none()
    }

    pub(crate) fn has_trace_in_page(&self) -> bool {
        String::from_utf8_lossy(&self.body).contains(TRACE_ID)
    }

    pub(crate) fn has_trace_in_headers(&self) -> bool {
        format!("{:?}", self.headers).contains(TRACE_ID)
    }

    pub(crate) fn is_silent(&self) -> bool {
        !self.has_trace_in_page() && !self.has_trace_in_headers()
    }

    /// How many `sentry-trace` tags the page has, however they are written.
    pub(crate) fn tags(&self) -> usize {
        let page = self.text().replace(['"', '\''], "").to_ascii_lowercase();
        let elements = page.split("<meta ").skip(1);
        let elements = elements.filter_map(|rest| rest.split('>').next());
        elements
            .filter(|element| element.contains("name=sentry-trace"))
            .count()
    }
}

pub(crate) fn request() -> http::request::Builder {
    Request::get("/pages/1")
        .header("accept", "text/html,*/*;q=0.8")
        .header("sentry-trace", SENTRY_TRACE)
        .header("baggage", BAGGAGE)
}

pub(crate) async fn ask(app: &Router, request: http::request::Builder) -> Answer {
    let request = request.body(Body::empty()).unwrap();
    let (head, body) = app.clone().oneshot(request).await.unwrap().into_parts();
    Answer {
        status: head.status,
        headers: head.headers,
        body: body.collect().await.unwrap().to_bytes(),
    }
}

pub(crate) async fn get_from(app: Router, layer: RootSpanLayer) -> Answer {
    ask(&app.layer(layer), request()).await
}

/// A page that is written at once by a function of its span.
pub(crate) fn page<F>(lines: &'static [Line], write: F) -> Router
where
    F: Fn(&RootSpan) -> String + Clone + Send + Sync + 'static,
{
    let page = move |span: RootSpan| {
        let body = Body::from(write(&span));
        async move { (AppendHeaders(lines.to_vec()), body) }
    };
    Router::new().route("/pages/{id}", get(page))
}

/// A page that somebody else wrote.
pub(crate) fn foreign(lines: &'static [Line], page: &'static str) -> Router {
    let page = move || async move { (AppendHeaders(lines.to_vec()), Body::from(page)) };
    Router::new().route("/pages/{id}", get(page))
}

/// The same, whose bytes may be anything.
pub(crate) fn bytes(lines: Vec<Line>, page: Vec<u8>) -> Router {
    let page = move || async move { (AppendHeaders(lines), Body::from(page)) };
    Router::new().route("/pages/{id}", get(page))
}

/// A page that is written while it is sent; `first` is called before its head is.
pub(crate) fn streamed(
    lines: &'static [Line],
    first: fn(&RootSpan) -> String,
    later: fn(&RootSpan) -> String,
) -> Router {
    let page = move |span: RootSpan| async move {
        let begin = format!("{BEFORE}{}", first(&span));
        let end = move || format!("{}{AFTER}", later(&RootSpan::current().unwrap()));
        let begin = stream::once(async { Ok::<_, Infallible>(Bytes::from(begin)) });
        let end = stream::once(async move { Ok(Bytes::from(end())) });
        let body = Body::from_stream(begin.chain(end));
        (AppendHeaders(lines.to_vec()), body)
    };
    Router::new().route("/pages/{id}", get(page))
}

pub(crate) fn tags(span: &RootSpan) -> String {
    span.meta_tags().to_string()
}

pub(crate) fn nothing(_: &RootSpan) -> String {
    String::new()
}
