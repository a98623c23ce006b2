use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::header::ACCEPT;
use http::{HeaderValue, Request, request, response};

use super::csp::script_nonce;
use super::options::{Injection, RewriteOptions};
use super::page::{Page, TracePlacement};
use crate::layer::cache::{self, CacheRules};
use crate::layer::router::{KeptRoute, kept_route};
use crate::render::{StaleGuard, server_timing};
use crate::span::RootSpan;

/// Rewrites the response of one request. It is small, because it moves with the request's future.
#[derive(Debug)]
pub(in crate::layer) struct ResponseRewriter {
    options: Arc<RewriteOptions>,
    span: RootSpan,
    /// What the client accepts. A `304` does not say what it is about.
    accept: Option<HeaderValue>,
    /// The request for the predicate of the injection.
    request: Option<Box<request::Parts>>,
    route: Option<KeptRoute>,
}

/// What happens to the body.
#[derive(Debug)]
pub(in crate::layer) enum Edit {
    None,
    Insert(Bytes),
    Remove(Bytes),
}

// A request's extensions are only read.
impl UnwindSafe for ResponseRewriter {}
impl RefUnwindSafe for ResponseRewriter {}

impl ResponseRewriter {
    pub(in crate::layer) fn new<B>(
        options: Arc<RewriteOptions>,
        span: RootSpan,
        request: &Request<B>,
    ) -> Self {
        let needs_request = matches!(options.injection, Injection::When(_));
        Self {
            span,
            accept: request.headers().get(ACCEPT).cloned(),
            request: needs_request.then(|| Box::new(clone_head(request))),
            route: kept_route(request.extensions()),
            options,
        }
    }

    /// Rewrites the head of the response, and returns what happens to its body. `is_open` says whether the
    /// length of the body is unknown.
    pub(in crate::layer) fn rewrite(&self, head: &mut response::Parts, is_open: bool) -> Edit {
        let has_tags = self.span.values().are_rendered();
        // Nearly all pages are of this kind, to which none of the rules applies.
        if has_tags && !self.options.server_timing && cache::is_unmentioned(head) {
            return Edit::None;
        }
        let Some(mut page) = Page::of(head, has_tags, self.accept.as_ref(), is_open) else {
            return Edit::None;
        };
        page.wants_tags = page.accepts_markup && self.injects(head);
        let rules = CacheRules::of(head.status, &head.headers, SystemTime::now());
        match TracePlacement::of(page, self.options.cache_policy, rules.reuse()) {
            TracePlacement::Page => self.traced(page, head),
            TracePlacement::UnstorablePage => {
                cache::forbid(&mut head.headers);
                self.traced(page, head)
            }
            TracePlacement::Header => {
                self.append_server_timing(head);
                match self.untraced(page, &rules) {
                    Edit::None => self.guarded(page, head),
                    edit => edit,
                }
            }
            TracePlacement::Nowhere => self.untraced(page, &rules),
        }
    }

    fn injects(&self, head: &response::Parts) -> bool {
        match (&self.options.injection, &self.request) {
            (Injection::On, _) => true,
            (Injection::When(applies), Some(request)) => {
                self.span.in_request(|| applies(request, head))
            }
            (Injection::Off | Injection::When(_), _) => false,
        }
    }

    fn traced(&self, page: Page, head: &mut response::Parts) -> Edit {
        if self.options.server_timing {
            self.append_server_timing(head);
        }
        if page.wants_tags {
            let mut tags = self.span.meta_tags().to_string();
            if let Some(guard) = self.guard(head) {
                tags.push_str(&guard.to_string());
            }
            return Edit::Insert(tags.into());
        }
        if self.options.server_timing {
            return self.guarded(page, head);
        }
        Edit::None
    }

    /// Inserts the guard alone, into a page whose trace is in the header.
    fn guarded(&self, page: Page, head: &response::Parts) -> Edit {
        match self.guard(head).filter(|_| page.accepts_markup) {
            Some(guard) => {
                let guard = guard.trace(self.span.sentry_trace());
                Edit::Insert(guard.to_string().into())
            }
            None => Edit::None,
        }
    }

    fn untraced(&self, page: Page, rules: &CacheRules) -> Edit {
        if page.is_traced() {
            let route = self.route.as_ref().map(KeptRoute::as_str);
            let warning = &self.options.warning;
            self.span.in_request(|| warning.give(route, rules.reason()));
        }
        if page.is_plain && (page.has_tags || page.may_get_tags) {
            return Edit::Remove(self.span.meta_tags().to_string().into());
        }
        Edit::None
    }

    /// The guard with the page's own nonce, where the options ask for one.
    fn guard(&self, head: &response::Parts) -> Option<StaleGuard> {
        let guard = StaleGuard::new(self.options.stale_after?, SystemTime::now());
        Some(match script_nonce(&head.headers) {
            Some(nonce) => guard.nonce(nonce),
            None => guard,
        })
    }

    fn append_server_timing(&self, head: &mut response::Parts) {
        let trace = self.span.sentry_trace().to_string();
        server_timing::append(&mut head.headers, &trace, self.span.baggage().as_str());
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
