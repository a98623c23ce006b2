use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::finish_guard::FinishGuard;
use super::rewrite::{BodyRewrite, Edit, content_length, correct};
use crate::span::Scoped;

pin_project! {
    /// The response body of a [`RootSpanLayer`](super::RootSpanLayer). It is read under the hub of the request,
    /// whose span ends with it.
    pub struct RootSpanBody<B: Body> {
        #[pin]
        original: Original<B>,
        rewrite: Option<Box<BodyRewrite<B::Error>>>,
        guard: Option<FinishGuard>,
        // A server stops reading after as many bytes as it has announced.
        remaining: Option<u64>,
    }
}

pin_project! {
    // One that is rewritten is boxed, so that it can be polled before it has its final place.
    #[project = OriginalProjection]
    enum Original<B> {
        Inline { #[pin] body: Scoped<B> },
        Boxed { body: Pin<Box<Scoped<B>>> },
    }
}

impl<B> Original<B> {
    fn as_pin_mut(self: Pin<&mut Self>) -> Pin<&mut Scoped<B>> {
        match self.project() {
            OriginalProjection::Inline { body } => body,
            OriginalProjection::Boxed { body } => body.as_mut(),
        }
    }

    fn get_ref(&self) -> Option<&B> {
        match self {
            Self::Inline { body } => body.get_ref(),
            Self::Boxed { body } => body.get_ref(),
        }
    }
}

impl<B: Body> RootSpanBody<B> {
    pub(super) fn new(
        original: B,
        headers: &mut HeaderMap,
        edit: Edit,
        guard: Option<FinishGuard>,
        cx: &mut Context<'_>,
    ) -> Self {
        let is_unread = guard.as_ref().is_some_and(FinishGuard::ends_with_head);
        let mut body = Self::edited(FinishGuard::scope(guard.as_ref(), original), edit);
        body.guard = guard;
        if body.rewrite.is_some() {
            let is_unknown = is_unread && body.is_end_stream();
            body.prime(cx);
            correct(headers, body.growth().filter(|_| !is_unknown));
        }
        let exact = body.size_hint().exact();
        body.remaining = exact.or_else(|| content_length(headers));
        if is_unread || body.is_end_stream() || body.remaining == Some(0) {
            FinishGuard::complete(&mut body.guard);
        }
        body
    }
}

/// The rewriting of a body on its own, which tests and fuzz targets use.
#[doc(hidden)]
impl<B: Body> RootSpanBody<B> {
    /// A body that inserts `tags`, outside a request.
    #[must_use]
    pub fn inserting(original: B, tags: Bytes) -> Self {
        Self::edited(Scoped::unscoped(original), Edit::Insert(tags))
    }

    /// A body that removes `tags`, outside a request.
    #[must_use]
    pub fn removing(original: B, tags: Bytes) -> Self {
        Self::edited(Scoped::unscoped(original), Edit::Remove(tags))
    }

    /// Polls the original body once, if anything in it has to be examined, and keeps what it returns.
    pub fn prime(&mut self, cx: &mut Context<'_>) {
        if self.growth().is_some() {
            return;
        }
        if let (Original::Boxed { body }, Some(rewrite)) = (&mut self.original, &mut self.rewrite) {
            let _: Poll<()> = rewrite_next(body.as_mut(), rewrite, cx);
        }
    }

    /// By how many bytes the body is longer than the original; `None` while that is undecided.
    #[must_use]
    pub fn growth(&self) -> Option<i64> {
        let Some(rewrite) = &self.rewrite else {
            return Some(0);
        };
        rewrite.growth()
    }
}

impl<B: Body> RootSpanBody<B> {
    fn edited(original: Scoped<B>, edit: Edit) -> Self {
        let is_empty = original.get_ref().is_none_or(Body::is_end_stream);
        let rewrite = match edit {
            Edit::None => None,
            Edit::Insert(_) | Edit::Remove(_) if is_empty => Some(BodyRewrite::nothing()),
            Edit::Insert(tags) => Some(BodyRewrite::insert(tags)),
            Edit::Remove(tags) => Some(BodyRewrite::remove(tags)),
        };
        let original = if rewrite.is_some() {
            Original::Boxed {
                body: Box::pin(original),
            }
        } else {
            Original::Inline { body: original }
        };
        Self {
            original,
            rewrite: rewrite.map(Box::new),
            guard: None,
            remaining: None,
        }
    }

    /// The next frame after rewriting.
    fn poll_rewritten(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.project();
        let mut original = this.original.as_pin_mut();
        while let Some(rewrite) = this.rewrite.as_mut().filter(|rewrite| !rewrite.is_done()) {
            if let Poll::Ready(next) = rewrite.pop() {
                return Poll::Ready(next);
            }
            ready!(rewrite_next(original.as_mut(), rewrite, cx));
        }
        poll_original(original, cx)
    }

    /// Whether a server stops reading after this frame.
    fn ends_with(self: Pin<&mut Self>, frame: &Frame<Bytes>) -> bool {
        let is_end = self.is_end_stream();
        let remaining = self.project().remaining;
        let len = frame.data_ref().map_or(0, |data| data.len() as u64);
        *remaining = remaining.map(|remaining| remaining.saturating_sub(len));
        *remaining == Some(0) || frame.is_trailers() || is_end
    }
}

/// Passes one frame of the original body to its rewriting.
fn rewrite_next<B: Body>(
    mut original: Pin<&mut Scoped<B>>,
    rewrite: &mut BodyRewrite<B::Error>,
    cx: &mut Context<'_>,
) -> Poll<()> {
    let next = ready!(poll_original(original.as_mut(), cx));
    rewrite.push(
        next,
        original
            .as_ref()
            .get_ref()
            .get_ref()
            .is_none_or(Body::is_end_stream),
    );
    Poll::Ready(())
}

fn poll_original<B: Body>(
    original: Pin<&mut Scoped<B>>,
    cx: &mut Context<'_>,
) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
    let polled = original.run(|body| body.poll_frame(cx));
    let polled = polled.unwrap_or(Poll::Ready(None));
    polled.map(|next| next.map(|frame| frame.map(|frame| frame.map_data(to_bytes))))
}

/// The bytes of a frame; `Bytes` are not copied.
fn to_bytes(mut data: impl Buf) -> Bytes {
    data.copy_to_bytes(data.remaining())
}

impl<B: Body> Body for RootSpanBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        // Taken, so that a panic drops it.
        let mut guard = self.as_mut().project().guard.take();
        let polled = self.as_mut().poll_rewritten(cx);
        match &polled {
            Poll::Ready(Some(Err(_))) => FinishGuard::fail(&mut guard),
            Poll::Ready(Some(Ok(frame))) if !self.as_mut().ends_with(frame) => {}
            Poll::Ready(_) => FinishGuard::complete(&mut guard),
            Poll::Pending => {}
        }
        *self.project().guard = guard;
        polled
    }

    fn is_end_stream(&self) -> bool {
        let original = self.original.get_ref().is_none_or(Body::is_end_stream);
        match &self.rewrite {
            Some(rewrite) => rewrite.is_end_stream(original),
            None => original,
        }
    }

    fn size_hint(&self) -> SizeHint {
        let original = self.original.get_ref();
        let original = original.map_or_else(|| SizeHint::with_exact(0), Body::size_hint);
        match &self.rewrite {
            Some(rewrite) => rewrite.size_hint(&original),
            None => original,
        }
    }
}

impl<B: Body> fmt::Debug for RootSpanBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RootSpanBody")
            .field("is_rewritten", &self.rewrite.is_some())
            .field("guard", &self.guard)
            .finish_non_exhaustive()
    }
}
