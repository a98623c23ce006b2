//! The response future, and the guard that finishes the span of its request.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;

use http::{Response, StatusCode};
use http_body::Body;
use pin_project_lite::pin_project;

use super::RootSpanBody;
use super::rewrite::ResponseRewriter;
use crate::request::Outcome;
use crate::span::{RootSpan, Scoped};

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

/// Finishes the span of a request once, however the request ends.
///
/// A guard that is dropped before the end reports that the client did not wait, or that a panic dropped it.
#[derive(Debug)]
pub(super) struct FinishGuard {
    span: RootSpan,
    status: Option<StatusCode>,
    outcome: Outcome,
}

impl FinishGuard {
    pub(super) const fn new(span: RootSpan) -> Self {
        Self {
            span,
            status: None,
            outcome: Outcome::Cancelled,
        }
    }

    /// Makes something run as part of the guard's request; without a guard it runs unchanged.
    pub(super) fn scope<T>(guard: Option<&Self>, inner: T) -> Scoped<T> {
        match guard {
            Some(guard) => guard.span.clone().scoped_to_request(inner),
            None => Scoped::unscoped(inner),
        }
    }

    pub(super) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// Finishes the span of a response that was sent whole.
    pub(super) fn complete(guard: &mut Option<Self>) {
        if let Some(mut guard) = guard.take() {
            guard.outcome = guard
                .status
                .map_or(Outcome::Failed, |status| Outcome::Status(status.as_u16()));
        }
    }

    /// Finishes the span of a service, or of a response body, that has failed.
    pub(super) fn fail(guard: &mut Option<Self>) {
        if let Some(mut guard) = guard.take() {
            guard.outcome = Outcome::Failed;
        }
    }
}

impl Drop for FinishGuard {
    fn drop(&mut self) {
        let has_panicked = self.outcome == Outcome::Cancelled && thread::panicking();
        self.span.finish(if has_panicked {
            Outcome::Panicked
        } else {
            self.outcome
        });
    }
}
