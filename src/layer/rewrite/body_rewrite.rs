//! The frames of a body that is rewritten: which are held back, which pass, and how long the body is.
//!
//! 1. Bytes are held back only while they have to be examined: at most [`LOOK_BYTES`](super::LOOK_BYTES) to insert
//!    tags, at most the length of the tags less one to remove them.
//! 2. Everything else passes without a copy; after the insertion, every frame does.
//! 3. Trailers and errors pass after the bytes that were held back.
//! 4. `size_hint` has the tags in its upper bound until their place is known, and is exact from then on if that of
//!    the original body is.

use std::collections::VecDeque;
use std::task::Poll;

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::edit::{ActiveEdit, PlannedEdit};
use super::placement::Preview;

/// What polling a body returns.
pub(in crate::layer) type Next<E> = Option<Result<Frame<Bytes>, E>>;

/// The state of a body that is rewritten.
pub(in crate::layer) struct BodyRewrite<E> {
    edit: ActiveEdit,
    /// What the original body returned first, until it is decided what happens to it.
    first: Option<(Next<E>, bool)>,
    /// Bytes that can be sent.
    out: VecDeque<Bytes>,
    /// What follows `out`; pending while the original body has not returned it.
    last: Poll<Next<E>>,
}

impl<E> BodyRewrite<E> {
    pub(in crate::layer) const fn new() -> Self {
        Self {
            edit: ActiveEdit::Done(0),
            first: None,
            out: VecDeque::new(),
            last: Poll::Pending,
        }
    }

    /// Keeps what the original body returns first. `is_end` says whether it ends with that.
    pub(in crate::layer) fn keep(&mut self, first: Next<E>, is_end: bool) {
        self.first = Some((first, is_end));
    }

    /// What is known of the page so far.
    pub(in crate::layer) fn preview(&self) -> Preview {
        match &self.first {
            Some((Some(Ok(frame)), is_whole)) => Preview {
                bytes: frame.data_ref().cloned().unwrap_or_default(),
                is_whole: *is_whole,
            },
            Some((None, _)) => Preview::empty(),
            Some((Some(Err(_)), _)) | None => Preview::default(),
        }
    }

    /// Decides what happens to the page. `has_ended` says that the original body has nothing more.
    pub(in crate::layer) fn start(&mut self, edit: PlannedEdit, has_ended: bool) {
        let is_empty = has_ended && self.first.is_none();
        self.edit = ActiveEdit::start(edit, is_empty);
        if let Some((first, is_end)) = self.first.take() {
            self.push(first, is_end);
        }
    }

    /// By how many bytes the page is longer than the original; `None` while that is unknown.
    pub(in crate::layer) const fn growth(&self) -> Option<i64> {
        self.edit.growth()
    }

    /// Reads what the original body has returned. `is_end` says whether it ends with that.
    pub(in crate::layer) fn push(&mut self, next: Next<E>, is_end: bool) {
        match next.map(|frame| frame.map(Frame::into_data)) {
            Some(Ok(Ok(data))) => self.edit.push(data, &mut self.out),
            Some(Ok(Err(trailers))) => self.last = Poll::Ready(Some(Ok(trailers))),
            Some(Err(error)) => self.last = Poll::Ready(Some(Err(error))),
            None => self.last = Poll::Ready(None),
        }
        if is_end || self.last.is_ready() {
            self.edit.finish(&mut self.out);
        }
    }

    /// The next thing to send; pending if the original body has to be read first.
    pub(in crate::layer) fn pop(&mut self) -> Poll<Next<E>> {
        match self.out.pop_front() {
            Some(data) => Poll::Ready(Some(Ok(Frame::data(data)))),
            None => std::mem::replace(&mut self.last, Poll::Pending),
        }
    }

    /// Whether all that is left to do is to pass on what the original body returns.
    pub(in crate::layer) fn is_done(&self) -> bool {
        self.growth().is_some() && self.out.is_empty() && self.last.is_pending()
    }

    pub(in crate::layer) fn is_end_stream(&self, original: bool) -> bool {
        let ended = match self.last {
            Poll::Ready(None) => true,
            Poll::Ready(Some(_)) => false,
            Poll::Pending => self.growth().is_some() && original,
        };
        ended && self.out.is_empty()
    }

    pub(in crate::layer) fn size_hint(&self, original: &SizeHint) -> SizeHint {
        let ready: usize = self.out.iter().map(Bytes::len).sum();
        let (lower, upper) = self.edit.bounds(original.lower(), original.upper());
        let mut hint = SizeHint::new();
        hint.set_lower(lower.saturating_add(ready as u64));
        if let Some(upper) = upper {
            hint.set_upper(upper.saturating_add(ready as u64));
        }
        hint
    }
}
