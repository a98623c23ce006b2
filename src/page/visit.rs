use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use http::{Method, Request, Uri, header, request};

use super::options::{Injection, PageOptions};
use crate::route::{MatchedRoute, kept_route};
use crate::span::RootSpan;

/// What is kept of a request until its response is there.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(super) options: Arc<PageOptions>,
    pub(super) span: RootSpan,
    pub(super) is_head: bool,
    /// The browser asks for a page: it may get a `304`, which does not say what it is about.
    pub(super) wants_page: bool,
    /// The request as the predicate sees it.
    pub(super) request: Option<request::Parts>,
    route: Option<MatchedRoute>,
    uri: Uri,
}

// A request's extensions are only read.
impl UnwindSafe for Visit {}
impl RefUnwindSafe for Visit {}

impl Visit {
    pub(crate) fn new<B>(
        options: Arc<PageOptions>,
        span: RootSpan,
        request: Request<B>,
    ) -> (Self, Request<B>) {
        let (head, body) = request.into_parts();
        let visit = Self {
            span,
            is_head: head.method == Method::HEAD,
            wants_page: wants_page(&head),
            request: matches!(options.injection, Injection::When(_)).then(|| head.clone()),
            route: kept_route(&head.extensions),
            uri: head.uri.clone(),
            options,
        };
        (visit, Request::from_parts(head, body))
    }

    /// The route, or the path where no router tells one.
    pub(super) fn route(&self) -> &str {
        match &self.route {
            Some(route) => route.as_str(),
            None => self.uri.path(),
        }
    }
}

fn wants_page(head: &request::Parts) -> bool {
    let accept = head.headers.get(header::ACCEPT);
    let accept = accept.and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html") || accept.contains("xhtml"))
}
