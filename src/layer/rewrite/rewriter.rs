//! Whether a response is rewritten at all, depending on its request, its status and its type.

use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use http::header::{ACCEPT, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, request, response};

use super::headers::{has_body, match_etag, send_route};
use super::{CachePolicy, Injection, RewriteOptions};
use crate::layer::cache;
use crate::request::is_fragment;
use crate::span::RootSpan;

/// Rewrites the response of one request. It is small, because it moves with the request's future.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one fact about the request"
)]
pub(in crate::layer) struct ResponseRewriter {
    pub(super) options: Arc<RewriteOptions>,
    is_head: bool,
    /// An outer layer rewrites the other responses of the request's service.
    is_nested: bool,
    /// Tags would be inserted, but a script asks for a part of a page.
    is_fragment: bool,
    /// The client accepts a page; a `304` has no `Content-Type`.
    accepts_html: bool,
    /// The `ETag`s of the pages that the client has stored.
    known_etags: Option<Box<HeaderValue>>,
    /// The request for the predicate of the injection.
    request: Option<Box<request::Parts>>,
}

/// How much of a response can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    Nothing,
    /// The headers of a `304`, which renews those of a stored page.
    Head,
    HeadAndBody,
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
        request: &Request<B>,
        is_nested: bool,
    ) -> Self {
        let needs_request = matches!(options.injection, Injection::When(_));
        let injects = !matches!(options.injection, Injection::Off);
        let mut rewriter = Self {
            is_head: request.method() == Method::HEAD,
            is_nested,
            is_fragment: injects && is_fragment(request.headers()),
            accepts_html: false,
            known_etags: None,
            request: needs_request.then(|| Box::new(clone_head(request))),
            options,
        };
        rewriter.read(request.headers());
        rewriter
    }

    /// Reads the headers that decide about a `304` in one pass, which is as fast as looking up one of them.
    fn read(&mut self, headers: &HeaderMap) {
        for (name, value) in headers {
            if *name == ACCEPT {
                self.accepts_html |= accepts_html(value);
            } else if *name == IF_NONE_MATCH {
                self.known_etags
                    .get_or_insert_with(|| Box::new(value.clone()));
            }
        }
    }

    /// Whether the client receives no body.
    pub(in crate::layer) fn ends_with_head(&self, status: StatusCode) -> bool {
        self.is_head || !has_body(status)
    }

    /// Changes the headers that do not depend on where the trace goes, and returns what else can change.
    pub(super) fn begin(&self, span: &RootSpan, head: &mut response::Parts) -> Extent {
        if self.options.behind_edge || head.extensions.get::<Rewritten>().is_some() {
            return Extent::Nothing;
        }
        if self.options.route_name {
            send_route(span.values(), &mut head.headers);
        }
        if self.is_nested {
            head.extensions.insert(Rewritten);
        }
        if has_body(head.status) {
            return self.begin_body(span, head);
        }
        if head.status != StatusCode::NOT_MODIFIED {
            return Extent::Nothing;
        }
        match_etag(&mut head.headers, self.known_etags.as_deref());
        if self.accepts_html {
            Extent::Head
        } else {
            Extent::Nothing
        }
    }

    fn begin_body(&self, span: &RootSpan, head: &mut response::Parts) -> Extent {
        // Nearly all pages with a trace are of this kind, to which no other rule applies.
        if self.keeps_rendered_tags(span) && cache::has_no_cache_headers(head) {
            if self.options.cache_policy != CachePolicy::Keep {
                cache::make_private(&mut head.headers);
            }
            return Extent::Nothing;
        }
        Extent::HeadAndBody
    }

    /// The tags were rendered, and all that can happen to them depends on caches.
    fn keeps_rendered_tags(&self, span: &RootSpan) -> bool {
        let is_plain =
            matches!(self.options.injection, Injection::Off) && !self.options.server_timing;
        is_plain && span.values().exposure().has_tags()
    }

    pub(super) const fn is_fragment(&self) -> bool {
        self.is_fragment
    }

    pub(super) const fn is_head(&self) -> bool {
        self.is_head
    }

    pub(super) fn injects(&self, span: &RootSpan, head: &response::Parts) -> bool {
        match (&self.options.injection, &self.request) {
            (Injection::On, _) => true,
            (Injection::When(applies), Some(request)) => span.in_request(|| applies(request, head)),
            (Injection::Off | Injection::When(_), _) => false,
        }
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

fn accepts_html(accept: &HeaderValue) -> bool {
    // Browsers name it first.
    let mut rest = accept.as_bytes().windows(b"text/html".len());
    rest.any(|types| types == b"text/html")
}
