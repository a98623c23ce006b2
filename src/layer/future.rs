use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use super::RootSpanBody;
use super::ending::Ending;

pin_project! {
    /// The response of a [`RootSpanService`](super::RootSpanService), which runs under the hub of its
    /// request.
    #[derive(Debug)]
    pub struct RootSpanFuture<F> {
        #[pin]
        inner: F,
        ending: Option<Ending>,
    }
}

impl<F> RootSpanFuture<F> {
    pub(super) const fn new(inner: F, ending: Option<Ending>) -> Self {
        Self { inner, ending }
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
        let result = ready!(match this.ending {
            Some(ending) => ending.span().in_scope(|| this.inner.poll(cx)),
            None => this.inner.poll(cx),
        });
        if result.is_err() {
            Ending::fail(this.ending);
        }
        let ending = this.ending.take();
        Poll::Ready(result.map(|response| with_ending(response, ending)))
    }
}

/// The body carries on where the future ends.
fn with_ending<B: Body>(
    response: Response<B>,
    ending: Option<Ending>,
) -> Response<RootSpanBody<B>> {
    let ending = ending.map(|ending| ending.answered(response.status()));
    let (parts, body) = response.into_parts();
    let body = RootSpanBody::new(body, &parts.headers, ending);
    Response::from_parts(parts, body)
}
