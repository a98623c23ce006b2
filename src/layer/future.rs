use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use super::RootSpanBody;
use super::finish_guard::FinishGuard;
use super::rewrite::ResponseRewriter;
use crate::span::Scoped;

pin_project! {
    /// The response future of a [`RootSpanService`](super::RootSpanService). It runs under the hub of its request.
    #[derive(Debug)]
    pub struct RootSpanFuture<F> {
        #[pin]
        inner: Scoped<F>,
        guard: Option<FinishGuard>,
        // Taken with the response.
        rewriter: Option<ResponseRewriter>,
    }
}

impl<F> RootSpanFuture<F> {
    pub(super) fn new(inner: F, guard: Option<FinishGuard>, rewriter: ResponseRewriter) -> Self {
        Self {
            inner: FinishGuard::scope(guard.as_ref(), inner),
            guard,
            rewriter: Some(rewriter),
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
        let this = self.project();
        // Taken, so that a panic drops it.
        let mut guard = this.guard.take();
        let Poll::Ready(result) = this.inner.poll(cx) else {
            *this.guard = guard;
            return Poll::Pending;
        };
        if result.is_err() {
            FinishGuard::fail(&mut guard);
        }
        let rewriter = this.rewriter.take();
        Poll::Ready(result.map(|response| rewrite(response, rewriter.as_ref(), guard, cx)))
    }
}

/// Rewrites the head of the response. The guard moves to its body.
fn rewrite<B: Body>(
    response: Response<B>,
    rewriter: Option<&ResponseRewriter>,
    guard: Option<FinishGuard>,
    cx: &mut Context<'_>,
) -> Response<RootSpanBody<B>> {
    let guard = guard.map(|guard| guard.with_status(response.status()));
    let (mut head, body) = response.into_parts();
    let body = RootSpanBody::new(body, &mut head, rewriter, guard, cx);
    Response::from_parts(head, body)
}
