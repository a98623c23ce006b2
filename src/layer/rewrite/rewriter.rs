use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use http::header::{ACCEPT, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, request, response};

use super::headers::{has_body, match_etag};
use super::options::{CachePolicy, Injection, RewriteOptions};
use super::plan::Plan;
use super::route;
use crate::layer::cache;
use crate::render::server_timing;
use crate::request::is_fragment;
use crate::route::MatchedPath;
use crate::span::RootSpan;

/// Rewrites the response of one request. It is small, because it moves with the request's future.
#[derive(Debug)]
pub(in crate::layer) struct ResponseRewriter {
    pub(super) options: Arc<RewriteOptions>,
    pub(super) span: RootSpan,
    is_head: bool,
    /// An outer layer rewrites the other responses of the request's service.
    is_nested: bool,
    /// What the client accepts. A `304` does not say what it is about.
    accept: Option<HeaderValue>,
    /// The `ETag`s of what the client has stored.
    known_etags: Option<Box<HeaderValue>>,
    /// Tags would be inserted, but a script asks for a part of a page.
    is_fragment: bool,
    /// The request for the predicate of the injection.
    request: Option<Box<request::Parts>>,
    route: Option<MatchedPath>,
}

/// Marks a response that an inner layer has rewritten.
#[derive(Debug, Clone, Copy)]
struct Rewritten;

// A request's extensions are only read.
impl UnwindSafe for ResponseRewriter {}
impl RefUnwindSafe for ResponseRewriter {}

impl ResponseRewriter {
    pub(in crate::layer) fn new<B>(
        options: Arc<RewriteOptions>,
        span: RootSpan,
        request: &Request<B>,
        is_nested: bool,
    ) -> Self {
        let known_etags = request.headers().get(IF_NONE_MATCH);
        let needs_request = matches!(options.injection, Injection::When(_));
        let injects = !matches!(options.injection, Injection::Off);
        Self {
            span,
            is_head: request.method() == Method::HEAD,
            is_nested,
            accept: request.headers().get(ACCEPT).cloned(),
            known_etags: known_etags.cloned().map(Box::new),
            is_fragment: injects && is_fragment(request.headers()),
            request: needs_request.then(|| Box::new(clone_head(request))),
            route: request.extensions().get().cloned(),
            options,
        }
    }

    /// Whether the client receives no body.
    pub(in crate::layer) fn ends_with_head(&self, status: StatusCode) -> bool {
        self.is_head || !has_body(status)
    }

    /// Rewrites a response without a body, and plans what happens to one with a body; `None` where nothing does.
    /// `is_open` says whether the length of the body is unknown.
    pub(in crate::layer) fn plan(
        &self,
        head: &mut response::Parts,
        is_open: bool,
    ) -> Option<Plan<'_>> {
        if self.options.behind_edge || head.extensions.get::<Rewritten>().is_some() {
            return None;
        }
        if self.options.route_name {
            route::send(self.span.values(), &mut head.headers);
        }
        if self.is_nested {
            head.extensions.insert(Rewritten);
        }
        if has_body(head.status) {
            return self.plan_body(head, is_open);
        }
        if head.status == StatusCode::NOT_MODIFIED {
            match_etag(&mut head.headers, self.known_etags.as_deref());
            if self.accepts_html() {
                Plan::not_modified(self, head);
            }
        }
        None
    }

    fn plan_body(&self, head: &mut response::Parts, is_open: bool) -> Option<Plan<'_>> {
        // Nearly all pages with a trace are of this kind, to which no other rule applies.
        if self.keeps_rendered_tags() && cache::has_no_cache_headers(head) {
            if self.options.cache_policy != CachePolicy::Keep {
                cache::make_private(&mut head.headers);
            }
            return None;
        }
        Plan::of(self, head, is_open)
    }

    /// The tags were rendered, and all that can happen to them depends on caches.
    fn keeps_rendered_tags(&self) -> bool {
        let is_plain =
            matches!(self.options.injection, Injection::Off) && !self.options.server_timing;
        is_plain && self.span.values().exposure().has_tags()
    }

    fn accepts_html(&self) -> bool {
        let accept = self.accept.as_ref().and_then(|accept| accept.to_str().ok());
        accept.is_some_and(|accept| accept.contains("text/html"))
    }

    pub(super) const fn is_fragment(&self) -> bool {
        self.is_fragment
    }

    pub(super) const fn is_head(&self) -> bool {
        self.is_head
    }

    pub(super) fn injects(&self, head: &response::Parts) -> bool {
        match (&self.options.injection, &self.request) {
            (Injection::On, _) => true,
            (Injection::When(applies), Some(request)) => {
                self.span.in_request(|| applies(request, head))
            }
            (Injection::Off | Injection::When(_), _) => false,
        }
    }

    /// The route, for a log.
    pub(super) fn route(&self) -> Option<&str> {
        self.route.as_ref().map(MatchedPath::as_str)
    }

    /// Writes the trace into `Server-Timing`, and returns whether it fits.
    pub(super) fn write_server_timing(&self, headers: &mut HeaderMap) -> bool {
        let values = self.span.values();
        let trace = values.sentry_trace().to_string();
        server_timing::prepend(headers, &trace, values.baggage().as_str())
    }
}

/// A copy of everything but the body.
fn clone_head<B>(request: &Request<B>) -> request::Parts {
    let (mut head, ()) = Request::new(()).into_parts();
    head.method = request.method().clone();
    head.uri = request.uri().clone();
    head.version = request.version();
    head.headers = request.headers().clone();
    head.extensions = request.extensions().clone();
    head
}
