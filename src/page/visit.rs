use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use http::{HeaderMap, Method, Request, header, request};

use super::options::{Injection, PageOptions};
use crate::route::{MatchedRoute, kept_route};
use crate::span::RootSpan;

/// What is kept of a request until its response is there: little, because it is moved about.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(super) options: Arc<PageOptions>,
    pub(super) span: RootSpan,
    pub(super) is_head: bool,
    /// The browser asks for a page: it may get a `304`, which does not say what it is about.
    pub(super) wants_page: bool,
    /// The request as the predicate sees it.
    pub(super) request: Option<Box<request::Parts>>,
    route: Route,
}

/// What the pages of a route go by.
#[derive(Debug)]
enum Route {
    Matched(MatchedRoute),
    /// Where no router tells a route.
    Path(Box<str>),
}

// A request's extensions are only read.
impl UnwindSafe for Visit {}
impl RefUnwindSafe for Visit {}

impl Visit {
    pub(crate) fn new<B>(options: Arc<PageOptions>, span: RootSpan, request: &Request<B>) -> Self {
        let is_asked_about = matches!(options.injection, Injection::When(_));
        Self {
            span,
            is_head: request.method() == Method::HEAD,
            wants_page: wants_page(request.headers()),
            request: is_asked_about.then(|| Box::new(head_of(request))),
            route: match kept_route(request.extensions()) {
                Some(route) => Route::Matched(route),
                None => Route::Path(request.uri().path().into()),
            },
            options,
        }
    }

    /// The route, or the path where no router tells one.
    pub(super) fn route(&self) -> &str {
        match &self.route {
            Route::Matched(route) => route.as_str(),
            Route::Path(path) => path,
        }
    }
}

/// A copy of all but the body.
fn head_of<B>(request: &Request<B>) -> request::Parts {
    let (mut head, ()) = Request::new(()).into_parts();
    head.method = request.method().clone();
    head.uri = request.uri().clone();
    head.version = request.version();
    head.headers = request.headers().clone();
    head.extensions = request.extensions().clone();
    head
}

fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT);
    let accept = accept.and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html") || accept.contains("xhtml"))
}
