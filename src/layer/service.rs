//! The service and its future: the span of each request is started, and the request runs as part of it.

use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body;
use pin_project_lite::pin_project;
use tower_service::Service;

use super::RootSpanBody;
use super::finish_guard::FinishGuard;
use super::rewrite::{ResponseRewriter, RewriteOptions};
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

pin_project! {
    /// The response future of a [`RootSpanService`]. It runs under the hub of its request.
    #[derive(Debug)]
    pub struct RootSpanFuture<F> {
        // `None` once it is done, and while it is being dropped.
        #[pin]
        inner: Option<F>,
        guard: FinishGuard,
        rewriter: ResponseRewriter,
    }

    impl<F> PinnedDrop for RootSpanFuture<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.inner.is_some() {
                this.guard.run_in_drop(|| this.inner.set(None));
            }
        }
    }
}

impl<F> RootSpanFuture<F> {
    const fn new(inner: F, guard: FinishGuard, rewriter: ResponseRewriter) -> Self {
        Self {
            inner: Some(inner),
            guard,
            rewriter,
        }
    }
}

impl<F, B, E> Future for RootSpanFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Body,
{
    type Output = Result<Response<RootSpanBody<B>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        // A finished future is dropped at once, while its request is still current.
        let polled = this.guard.run(|| {
            let polled = this.inner.as_mut().as_pin_mut()?.poll(cx);
            if polled.is_ready() {
                this.inner.set(None);
            }
            Some(polled)
        });
        match polled {
            Some(Poll::Ready(Ok(response))) => {
                let guard = mem::take(this.guard);
                Poll::Ready(Ok(rewrite(response, this.rewriter, guard, cx)))
            }
            Some(Poll::Ready(Err(error))) => {
                this.guard.fail();
                Poll::Ready(Err(error))
            }
            Some(Poll::Pending) | None => Poll::Pending,
        }
    }
}

/// Rewrites the head of the response. The guard moves to its body.
fn rewrite<B: Body>(
    response: Response<B>,
    rewriter: &ResponseRewriter,
    guard: FinishGuard,
    cx: &mut Context<'_>,
) -> Response<RootSpanBody<B>> {
    let (mut head, body) = response.into_parts();
    let body = RootSpanBody::new(body, &mut head, rewriter, guard, cx);
    Response::from_parts(head, body)
}
