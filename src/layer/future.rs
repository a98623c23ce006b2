//! The response future.

use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use super::RootSpanBody;
use super::finish_guard::FinishGuard;
use super::rewrite::ResponseRewriter;

pin_project! {
    /// The response future of a [`RootSpanService`](super::RootSpanService). It runs under the hub of its request.
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
    pub(super) const fn new(inner: F, guard: FinishGuard, rewriter: ResponseRewriter) -> Self {
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
