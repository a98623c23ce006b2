//! The service: it starts the span of each request, and runs the request as part of it.

use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body;
use tower_service::Service;

use super::finish_guard::FinishGuard;
use super::rewrite::{ResponseRewriter, RewriteOptions};
use super::{RootSpanBody, RootSpanFuture};
use crate::options::TraceOptions;
use crate::request::RequestInfo;
use crate::span::{RootSpan, note_layer, start_span};

/// The service of a [`RootSpanLayer`](super::RootSpanLayer).
#[derive(Debug, Clone)]
pub struct RootSpanService<S> {
    inner: S,
    options: Option<Arc<TraceOptions>>,
    rewrite: Arc<RewriteOptions>,
}

impl<S> RootSpanService<S> {
    pub(super) fn new(
        inner: S,
        options: Option<Arc<TraceOptions>>,
        rewrite: Arc<RewriteOptions>,
    ) -> Self {
        note_layer();
        Self {
            inner,
            options,
            rewrite,
        }
    }

    /// The inner service.
    pub const fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The inner service, mutably.
    pub const fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// Returns the inner service.
    pub fn into_inner(self) -> S {
        self.inner
    }

    /// The span of this request, and whether an outer layer has started it.
    fn span<B>(&self, request: &mut Request<B>) -> (RootSpan, bool) {
        if let Some(span) = request.extensions().get::<RootSpan>() {
            return (span.clone(), true);
        }
        let info = RequestInfo::of(request);
        let behind_edge = self.rewrite.behind_edge;
        let options = self.options.as_deref();
        let span = start_span(info, request.extensions(), options, behind_edge);
        if self.rewrite.route_name && !behind_edge {
            span.values().show_route();
        }
        request.extensions_mut().insert(span.clone());
        (span, false)
    }
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for RootSpanService<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    ResBody: Body,
{
    type Response = Response<RootSpanBody<ResBody>>;
    type Error = S::Error;
    type Future = RootSpanFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<ReqBody>) -> Self::Future {
        let (span, is_nested) = self.span(&mut request);
        let rewriter = ResponseRewriter::new(Arc::clone(&self.rewrite), &request, is_nested);
        let mut guard = FinishGuard::new(span, is_nested);
        let future = guard.run(|| self.inner.call(request));
        RootSpanFuture::new(future, guard, rewriter)
    }
}
