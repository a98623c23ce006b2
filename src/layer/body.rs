use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, header};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::ending::Ending;
use crate::page::PageBody;
use crate::scoped::Scoped;

pin_project! {
    /// The body of a response under a [`RootSpanLayer`](super::RootSpanLayer): the same frames, read
    /// under the hub of the request, whose span ends with them.
    #[derive(Debug)]
    pub struct RootSpanBody<B: Body> {
        #[pin]
        inner: Scoped<PageBody<B>>,
        ending: Option<Ending>,
        // A server stops reading once it has as many bytes as it has announced.
        remaining: Option<u64>,
    }
}

impl<B: Body> RootSpanBody<B> {
    pub(super) fn new(inner: PageBody<B>, headers: &HeaderMap, ending: Option<Ending>) -> Self {
        let mut body = Self {
            remaining: inner
                .size_hint()
                .exact()
                .or_else(|| content_length(headers)),
            inner: Scoped::new(inner, ending.as_ref().map(|ending| ending.span().clone())),
            ending,
        };
        let has_no_body = body.ending.as_ref().is_some_and(Ending::has_no_body);
        if has_no_body || body.is_end_stream() || body.remaining == Some(0) {
            Ending::complete(&mut body.ending);
        }
        body
    }

    /// Whether a server stops reading behind this frame.
    fn ends_with(self: Pin<&mut Self>, frame: &Frame<Bytes>) -> bool {
        let this = self.project();
        let len = frame.data_ref().map_or(0, |data| data.len() as u64);
        *this.remaining = this
            .remaining
            .map(|remaining| remaining.saturating_sub(len));
        *this.remaining == Some(0)
            || frame.is_trailers()
            || this.inner.get_ref().is_none_or(Body::is_end_stream)
    }
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

impl<B: Body> Body for RootSpanBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        // A panic drops it.
        let mut ending = self.as_mut().project().ending.take();
        let inner = self.as_mut().project().inner;
        let polled = inner
            .run(|body| body.poll_frame(cx))
            .unwrap_or(Poll::Ready(None));
        match &polled {
            Poll::Ready(Some(Err(_))) => Ending::fail(&mut ending),
            Poll::Ready(Some(Ok(frame))) if !self.as_mut().ends_with(frame) => {}
            Poll::Ready(_) => Ending::complete(&mut ending),
            Poll::Pending => {}
        }
        *self.project().ending = ending;
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.get_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner
            .get_ref()
            .map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}
