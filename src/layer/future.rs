//! The response future, and the guard that finishes the span of its request.

use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;

use http::{Response, StatusCode};
use http_body::Body;
use pin_project_lite::pin_project;

use super::RootSpanBody;
use super::rewrite::ResponseRewriter;
use crate::request::Outcome;
use crate::span::RootSpan;

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
        // Taken, so that a panic drops it.
        let mut guard = mem::take(this.guard);
        // A finished future is dropped at once, while its request is still current.
        let polled = guard.run(|| {
            let polled = this.inner.as_mut().as_pin_mut()?.poll(cx);
            if polled.is_ready() {
                this.inner.set(None);
            }
            Some(polled)
        });
        match polled {
            Some(Poll::Ready(Ok(response))) => {
                Poll::Ready(Ok(rewrite(response, this.rewriter, guard, cx)))
            }
            Some(Poll::Ready(Err(error))) => {
                guard.fail();
                Poll::Ready(Err(error))
            }
            Some(Poll::Pending) | None => {
                *this.guard = guard;
                Poll::Pending
            }
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

/// Runs what is part of a request, and finishes the span of the request once, however it ends.
///
/// A guard that is dropped before the end reports that the client did not wait, or that a panic dropped it.
#[derive(Debug, Default)]
pub(super) struct FinishGuard {
    /// `None` while it is lent, and outside a request.
    span: Option<RootSpan>,
    /// An outer layer runs the request, and finishes its span.
    is_nested: bool,
    is_finished: bool,
    status: Option<StatusCode>,
}

impl FinishGuard {
    pub(super) const fn new(span: RootSpan, is_nested: bool) -> Self {
        Self {
            span: Some(span),
            is_nested,
            is_finished: false,
            status: None,
        }
    }

    pub(super) const fn span(&self) -> Option<&RootSpan> {
        self.span.as_ref()
    }

    /// Runs `f` as part of the guard's request.
    pub(super) fn run<R>(&mut self, f: impl FnOnce() -> R) -> R {
        if self.is_nested {
            f()
        } else {
            RootSpan::lend(&mut self.span, f)
        }
    }

    /// The same for destructors.
    pub(super) fn run_in_drop(&mut self, f: impl FnOnce()) {
        if self.is_nested {
            f();
        } else {
            RootSpan::lend_in_drop(&mut self.span, f);
        }
    }

    pub(super) const fn set_status(&mut self, status: StatusCode) {
        self.status = Some(status);
    }

    /// Finishes the span of a response that was sent whole.
    pub(super) fn complete(&mut self) {
        let status = self.status.map(|status| status.as_u16());
        self.finish(status.map_or(Outcome::Failed, Outcome::Status));
    }

    /// Finishes the span of a service, or of a response body, that has failed.
    pub(super) fn fail(&mut self) {
        self.finish(Outcome::Failed);
    }

    fn finish(&mut self, outcome: Outcome) {
        if let Some(span) = &self.span
            && !self.is_nested
            && !self.is_finished
        {
            self.is_finished = true;
            span.finish(outcome);
        }
    }
}

impl Drop for FinishGuard {
    fn drop(&mut self) {
        self.finish(if thread::panicking() {
            Outcome::Panicked
        } else {
            Outcome::Cancelled
        });
    }
}
