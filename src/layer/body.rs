use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{HeaderMap, header};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::ending::Ending;
use crate::page::PageBody;

pin_project! {
    /// The body of a response under a [`RootSpanLayer`](super::RootSpanLayer): the same frames, read
    /// under the hub of the request, whose span ends with them.
    #[derive(Debug)]
    pub struct RootSpanBody<B: Body> {
        #[pin]
        inner: PageBody<B>,
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
            inner,
            ending,
        };
        let has_no_body = body.ending.as_ref().is_some_and(Ending::has_no_body);
        if has_no_body || body.inner.is_end_stream() || body.remaining == Some(0) {
            Ending::complete(&mut body.ending);
        }
        body
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
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let mut this = self.project();
        let frame = ready!(match this.ending {
            Some(ending) => ending
                .span()
                .in_scope(|| this.inner.as_mut().poll_frame(cx)),
            None => this.inner.as_mut().poll_frame(cx),
        });
        match &frame {
            Some(Err(_)) => Ending::fail(this.ending),
            Some(Ok(frame)) => {
                let len = frame.data_ref().map_or(0, |data| data.len() as u64);
                *this.remaining = this
                    .remaining
                    .map(|remaining| remaining.saturating_sub(len));
                if *this.remaining == Some(0) || frame.is_trailers() || this.inner.is_end_stream() {
                    Ending::complete(this.ending);
                }
            }
            None => Ending::complete(this.ending),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
