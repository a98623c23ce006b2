use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::span::Scoped;

pub(super) type Next<E> = Option<Result<Frame<Bytes>, E>>;

pin_project! {
    /// The body of the inner service, which is read under the hub of its request.
    ///
    /// One that is rewritten is boxed, so that it can be polled before it has its final place.
    #[project = Projection]
    pub(super) enum Original<B> {
        Inline { #[pin] body: Scoped<B> },
        Boxed { body: Pin<Box<Scoped<B>>> },
    }
}

impl<B: Body> Original<B> {
    pub(super) const fn inline(body: Scoped<B>) -> Self {
        Self::Inline { body }
    }

    pub(super) fn boxed(body: Scoped<B>) -> Self {
        let body = Box::pin(body);
        Self::Boxed { body }
    }

    pub(super) fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Next<B::Error>> {
        match self.project() {
            Projection::Inline { body } => poll(body, cx),
            Projection::Boxed { body } => poll(body.as_mut(), cx),
        }
    }

    /// Polls a boxed body before it is pinned; an inline one is pending.
    pub(super) fn poll_early(&mut self, cx: &mut Context<'_>) -> Poll<Next<B::Error>> {
        match self {
            Self::Inline { .. } => Poll::Pending,
            Self::Boxed { body } => poll(body.as_mut(), cx),
        }
    }

    pub(super) fn is_end_stream(&self) -> bool {
        self.get_ref().is_none_or(Body::is_end_stream)
    }

    /// Whether no data is left, though trailers may be.
    pub(super) fn is_read(&self) -> bool {
        self.is_end_stream() || self.size_hint().exact() == Some(0)
    }

    pub(super) fn size_hint(&self) -> SizeHint {
        let body = self.get_ref();
        body.map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }

    fn get_ref(&self) -> Option<&B> {
        match self {
            Self::Inline { body } => body.get_ref(),
            Self::Boxed { body } => body.get_ref(),
        }
    }
}

fn poll<B: Body>(body: Pin<&mut Scoped<B>>, cx: &mut Context<'_>) -> Poll<Next<B::Error>> {
    let polled = body.run(|body| body.poll_frame(cx));
    let polled = polled.unwrap_or(Poll::Ready(None));
    polled.map(|next| next.map(|frame| frame.map(|frame| frame.map_data(to_bytes))))
}

/// The bytes of a frame; `Bytes` are not copied.
fn to_bytes(mut data: impl Buf) -> Bytes {
    data.copy_to_bytes(data.remaining())
}
