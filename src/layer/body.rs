//! The response body: it is read under the hub of its request, rewritten if it has to be, and ends the span.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http::{HeaderMap, response};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::cache::make_private;
use super::finish_guard::FinishGuard;
use super::rewrite::{
    BodyRewrite, Insertion, Next, Plan, PlannedEdit, Preview, ResponseRewriter, content_length,
    correct,
};

pin_project! {
    /// The response body of a [`RootSpanLayer`](super::RootSpanLayer). It is read under the hub of the request,
    /// whose span ends with it.
    pub struct RootSpanBody<B: Body> {
        #[pin]
        original: Original<B>,
        rewrite: Option<Box<BodyRewrite<B::Error>>>,
        guard: FinishGuard,
        // The announced bytes that are left: a server stops reading once it has sent them all.
        remaining: Option<u64>,
    }

    impl<B: Body> PinnedDrop for RootSpanBody<B> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            this.guard.run_in_drop(|| this.original.set(Original::Dropped));
        }
    }
}

impl<B: Body> RootSpanBody<B> {
    pub(super) fn new(
        original: B,
        head: &mut response::Parts,
        rewriter: &ResponseRewriter,
        mut guard: FinishGuard,
        cx: &mut Context<'_>,
    ) -> Self {
        guard.set_status(head.status);
        let is_open = original.size_hint().exact().is_none();
        let is_unread = rewriter.ends_with_head(head.status);
        let plan = guard
            .span()
            .and_then(|span| Plan::new(rewriter, span, head, is_open));
        let needs_preview = plan.as_ref().is_some_and(Plan::needs_preview);
        let mut body = Self::with_rewrite(original, needs_preview);
        body.guard = guard;
        if let Some(plan) = plan {
            let preview = body.preview(cx);
            let edit = plan.carry_out(head, &preview);
            body.start(edit, &mut head.headers, is_unread);
        }
        let exact = body.size_hint().exact();
        body.remaining = exact.or_else(|| content_length(&head.headers));
        if is_unread || body.is_end_stream() || body.remaining == Some(0) {
            body.guard.complete();
        }
        body
    }

    fn with_rewrite(original: B, is_rewritten: bool) -> Self {
        Self {
            original: if is_rewritten {
                let body = Box::pin(original);
                Original::Boxed { body }
            } else {
                Original::Inline { body: original }
            },
            rewrite: is_rewritten.then(|| Box::new(BodyRewrite::new())),
            guard: FinishGuard::default(),
            remaining: None,
        }
    }

    /// Polls the body once if it is to be rewritten, and keeps what it returns.
    fn preview(&mut self, cx: &mut Context<'_>) -> Preview {
        let Some(rewrite) = &mut self.rewrite else {
            return Preview::default();
        };
        if self.original.is_end_stream() {
            return Preview::empty();
        }
        let first = self.guard.run(|| self.original.poll_early(cx));
        if let Poll::Ready(first) = first {
            rewrite.keep(first, self.original.is_read());
        }
        rewrite.preview()
    }

    /// Starts rewriting, and corrects the headers to the extent that the outcome is known.
    fn start(&mut self, edit: PlannedEdit, headers: &mut HeaderMap, is_unread: bool) {
        let (is_changed, is_private) = match &edit {
            PlannedEdit::None => (false, false),
            PlannedEdit::Insert(insertion) => (true, insertion.is_private()),
            PlannedEdit::Remove(_) => (true, false),
        };
        if let Some(rewrite) = &mut self.rewrite {
            rewrite.start(edit, self.original.is_end_stream());
        }
        if is_changed {
            let is_unknown = is_unread && self.is_end_stream();
            let growth = self.growth().filter(|_| !is_unknown);
            correct(headers, growth);
            if is_private && growth != Some(0) {
                make_private(headers);
            }
        }
    }
}

/// The rewriting of a body on its own, which tests and fuzz targets use.
#[doc(hidden)]
impl<B: Body> RootSpanBody<B> {
    /// A body that inserts `tags`, outside a request.
    #[must_use]
    pub fn inserting(original: B, tags: Bytes) -> Self {
        Self::edited(original, PlannedEdit::Insert(Insertion::of_tags(tags)))
    }

    /// A body that removes `tags`, outside a request.
    #[must_use]
    pub fn removing(original: B, tags: Bytes) -> Self {
        Self::edited(original, PlannedEdit::Remove(tags))
    }

    fn edited(original: B, edit: PlannedEdit) -> Self {
        let mut body = Self::with_rewrite(original, true);
        body.start(edit, &mut HeaderMap::new(), false);
        body
    }

    /// Polls the original body once, if anything in it has to be examined, and keeps what it returns.
    pub fn prime(&mut self, cx: &mut Context<'_>) {
        let Some(rewrite) = self.rewrite.as_mut().filter(|it| it.growth().is_none()) else {
            return;
        };
        if let Poll::Ready(next) = self.original.poll_early(cx) {
            rewrite.push(next, self.original.is_end_stream());
        }
    }

    /// By how many bytes the body is longer than the original; `None` while that is unknown.
    #[must_use]
    pub fn growth(&self) -> Option<i64> {
        let Some(rewrite) = &self.rewrite else {
            return Some(0);
        };
        rewrite.growth()
    }
}

impl<B: Body> RootSpanBody<B> {
    /// Whether a server stops reading after this frame.
    fn ends_with(self: Pin<&mut Self>, frame: &Frame<Bytes>) -> bool {
        let is_end = self.is_end_stream();
        let remaining = self.project().remaining;
        let len = frame.data_ref().map_or(0, |data| data.len() as u64);
        *remaining = remaining.map(|remaining| remaining.saturating_sub(len));
        *remaining == Some(0) || frame.is_trailers() || is_end
    }
}

impl<B: Body> Body for RootSpanBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Next<B::Error>> {
        let mut this = self.as_mut().project();
        let polled = this
            .guard
            .run(|| poll_rewritten(this.rewrite.as_deref_mut(), this.original.as_mut(), cx));
        match &polled {
            Poll::Ready(Some(Err(_))) => self.project().guard.fail(),
            Poll::Ready(Some(Ok(frame))) if !self.as_mut().ends_with(frame) => {}
            Poll::Ready(_) => self.project().guard.complete(),
            Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        let original = self.original.is_end_stream();
        match &self.rewrite {
            Some(rewrite) => rewrite.is_end_stream(original),
            None => original,
        }
    }

    fn size_hint(&self) -> SizeHint {
        let original = self.original.size_hint();
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

/// The next frame after rewriting.
fn poll_rewritten<B: Body>(
    mut rewrite: Option<&mut BodyRewrite<B::Error>>,
    mut original: Pin<&mut Original<B>>,
    cx: &mut Context<'_>,
) -> Poll<Next<B::Error>> {
    while let Some(rewrite) = rewrite.as_mut().filter(|it| !it.is_done()) {
        if let Poll::Ready(next) = rewrite.pop() {
            return Poll::Ready(next);
        }
        let next = ready!(original.as_mut().poll_frame(cx));
        rewrite.push(next, original.is_end_stream());
    }
    original.poll_frame(cx)
}

pin_project! {
    /// The body of the inner service.
    ///
    /// One that is rewritten is boxed, so that it can be polled before it has its final place.
    #[project = Projection]
    enum Original<B> {
        Inline { #[pin] body: B },
        Boxed { body: Pin<Box<B>> },
        Dropped,
    }
}

impl<B: Body> Original<B> {
    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Next<B::Error>> {
        match self.project() {
            Projection::Inline { body } => poll(body, cx),
            Projection::Boxed { body } => poll(body.as_mut(), cx),
            Projection::Dropped => Poll::Ready(None),
        }
    }

    /// Polls a boxed body before it is pinned; an inline one is pending.
    fn poll_early(&mut self, cx: &mut Context<'_>) -> Poll<Next<B::Error>> {
        match self {
            Self::Inline { .. } | Self::Dropped => Poll::Pending,
            Self::Boxed { body } => poll(body.as_mut(), cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.get_ref().is_none_or(Body::is_end_stream)
    }

    /// Whether no data is left, though trailers may be.
    fn is_read(&self) -> bool {
        self.is_end_stream() || self.size_hint().exact() == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        let body = self.get_ref();
        body.map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }

    fn get_ref(&self) -> Option<&B> {
        match self {
            Self::Inline { body } => Some(body),
            Self::Boxed { body } => Some(body),
            Self::Dropped => None,
        }
    }
}

fn poll<B: Body>(body: Pin<&mut B>, cx: &mut Context<'_>) -> Poll<Next<B::Error>> {
    let polled = body.poll_frame(cx);
    polled.map(|next| next.map(|frame| frame.map(|frame| frame.map_data(to_bytes))))
}

/// The bytes of a frame; `Bytes` are not copied.
fn to_bytes(mut data: impl Buf) -> Bytes {
    data.copy_to_bytes(data.remaining())
}
