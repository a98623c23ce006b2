use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use super::RootSpanBody;
use super::ending::Ending;
use crate::page::{PageBody, Visit};
use crate::scoped::Scoped;

pin_project! {
    /// The response of a [`RootSpanService`](super::RootSpanService), which runs under the hub of its
    /// request.
    #[derive(Debug)]
    pub struct RootSpanFuture<F> {
        #[pin]
        inner: Scoped<F>,
        ending: Option<Ending>,
        visit: Option<Visit>,
    }
}

impl<F> RootSpanFuture<F> {
    pub(super) fn new(inner: F, ending: Option<Ending>, visit: Option<Visit>) -> Self {
        let span = ending.as_ref().map(|ending| ending.span().clone());
        Self {
            inner: Scoped::new(inner, span),
            ending,
            visit,
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
        // A panic drops it.
        let mut ending = this.ending.take();
        let Poll::Ready(result) = this.inner.poll(cx) else {
            *this.ending = ending;
            return Poll::Pending;
        };
        if result.is_err() {
            Ending::fail(&mut ending);
        }
        let visit = this.visit.take();
        Poll::Ready(result.map(|response| with_ending(treated(response, visit, cx), ending)))
    }
}

fn treated<B: Body>(
    response: Response<B>,
    visit: Option<Visit>,
    cx: &mut Context<'_>,
) -> Response<PageBody<B>> {
    match visit {
        Some(visit) => visit.treat(response, cx),
        None => response.map(|body| PageBody::Plain { body }),
    }
}

/// The body carries on where the future ends.
fn with_ending<B: Body>(
    response: Response<PageBody<B>>,
    ending: Option<Ending>,
) -> Response<RootSpanBody<B>> {
    let ending = ending.map(|ending| ending.answered(response.status()));
    let (parts, body) = response.into_parts();
    let body = RootSpanBody::new(body, &parts.headers, ending);
    Response::from_parts(parts, body)
}
