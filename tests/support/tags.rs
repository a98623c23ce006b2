//! The tags of a page, as a browser finds them.

use std::fmt::Debug;

use axum::body::{Body, HttpBody};
use axum::http::{Request, Response};
use scraper::{Html, Selector};
use sentry_ssr::{Baggage, SentryTrace};
use serde_json::Value;
use tower::Service;

use super::request::send;

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

    /// Asserts that what was sent to Sentry is of the span in the tags.
    #[track_caller]
    pub(crate) fn assert_same_span(&self, sent: &Value) {
        let trace = &sent["contexts"]["trace"];
        assert_eq!(trace["trace_id"], self.trace_id());
        assert_eq!(trace["span_id"], self.span_id());
    }
}

/// Sends a request and reads the tags off the page.
pub(crate) async fn tags<S, B>(app: S, request: Request<Body>) -> Tags
where
    S: Service<Request<Body>, Response = Response<B>, Error: Debug>,
    B: HttpBody<Error: Debug>,
{
    let response = send(app, request).await;
    Tags::parse(str::from_utf8(response.body()).unwrap())
}
