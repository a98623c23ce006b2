//! A visit of a page: the request, and the tags that it finds.

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, Response};
use http_body_util::BodyExt;
use scraper::{Html, Selector};
use sentry_ssr::{Baggage, SentryTrace};
use tower::{Service, ServiceExt};

/// What a browser would continue.
#[derive(Debug, Clone)]
pub(crate) struct Tags {
    pub(crate) trace: SentryTrace,
    pub(crate) baggage: Baggage,
}

impl Tags {
    pub(crate) fn parse(page: &str) -> Self {
        let page = Html::parse_document(page);
        let content = |name| {
            let tag = Selector::parse(&format!("meta[name={name}]")).unwrap();
            let tag = page.select(&tag).next();
            tag.map(|tag| tag.attr("content").unwrap().to_owned())
        };
        Self {
            trace: content("sentry-trace").unwrap().parse().unwrap(),
            baggage: content("baggage").unwrap_or_default().parse().unwrap(),
        }
    }

    pub(crate) fn trace_id(&self) -> String {
        self.trace.trace_id().to_string()
    }

    pub(crate) fn span_id(&self) -> String {
        self.trace.span_id().to_string()
    }

    pub(crate) fn entry(&self, key: &str) -> Option<String> {
        self.baggage.get(key).map(Into::into)
    }

    pub(crate) fn number(&self, key: &str) -> f64 {
        self.entry(key).unwrap().parse().unwrap()
    }
}

pub(crate) fn get(path: &str) -> Request<Body> {
    get_with(path, &[])
}

pub(crate) fn get_with(path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

/// Sends a request and reads the response to its end.
pub(crate) async fn visit<S, B>(app: S, request: Request<Body>) -> Response<Bytes>
where
    S: Service<Request<Body>, Response = Response<B>, Error: std::fmt::Debug>,
    B: HttpBody<Error: std::fmt::Debug>,
{
    let (parts, body) = app.oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Response::from_parts(parts, body)
}

/// Sends a request and reads the tags off the page.
pub(crate) async fn tags<S, B>(app: S, request: Request<Body>) -> Tags
where
    S: Service<Request<Body>, Response = Response<B>, Error: std::fmt::Debug>,
    B: HttpBody<Error: std::fmt::Debug>,
{
    let response = visit(app, request).await;
    Tags::parse(std::str::from_utf8(response.body()).unwrap())
}
