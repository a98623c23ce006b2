//! A response body with the tags put in, or taken out.
//!
//! 1. What the body must look at, it holds back: at most [`LOOK_BYTES`](super::LOOK_BYTES) to put
//!    tags in, at most their own length less one to take them out.
//! 2. Everything else passes by reference, uncopied; once the tags are in, every frame does.
//! 3. Trailers and errors pass, behind what was held back.
//! 4. `size_hint` counts the tags as possible until their place is decided, and is exact after that
//!    wherever the body inside is.
//!
//! # `Content-Length`
//!
//! It goes out before the body, so it can be right only where the outcome is known by then. Call
//! [`prime`](EditBody::prime) before the head of the response is sent: it polls the body inside once,
//! without waiting. For a page rendered to a string that settles it, and [`growth`](EditBody::growth)
//! says by how much to correct the header. Where `growth` is still `None`, drop the header.
//!
//! ```
//! use bytes::Bytes;
//! use http_body_util::{BodyExt, Full};
//! use sentry_ssr::inject::{EditBody, Syntax};
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let page = Full::new(Bytes::from("<!doctype html><head><title>Home</title>"));
//! let page = EditBody::put_in(page, Bytes::from("<meta>"), Syntax::Html);
//!
//! let page = page.collect().await.unwrap().to_bytes();
//! assert_eq!(page, "<!doctype html><head><meta><title>Home</title>");
//! # });
//! ```

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::insert::Insert;
use super::scan::Scanner;
use super::take_out::TakeOut;
use super::token::Syntax;

pin_project! {
    /// A body with the tags put in, or taken out.
    pub struct EditBody<B: Body> {
        #[pin]
        body: B,
        edit: Edit,
        // What may go out.
        out: VecDeque<Bytes>,
        // What follows on `out`; pending while the body inside has not said it.
        last: Poll<Option<Result<Frame<Bytes>, B::Error>>>,
    }
}

#[derive(Debug)]
enum Edit {
    PutIn(Insert),
    TakeOut(TakeOut),
    /// Nothing more to look at; the page has grown by so many bytes.
    Done(i64),
}

impl<B: Body> EditBody<B> {
    /// Splices `tags` into the page's head (see [`Scanner`] for the place).
    #[must_use]
    pub fn put_in(body: B, tags: Bytes, syntax: Syntax) -> Self {
        Self::new(body, Edit::PutIn(Insert::new(Scanner::new(syntax), tags)))
    }

    /// Removes `tags`, byte for byte, wherever they stand in the page.
    #[must_use]
    pub fn take_out(body: B, tags: Bytes) -> Self {
        if tags.is_empty() {
            Self::new(body, Edit::Done(0))
        } else {
            Self::new(body, Edit::TakeOut(TakeOut::new(tags)))
        }
    }

    fn new(body: B, edit: Edit) -> Self {
        let edit = if body.is_end_stream() {
            Edit::Done(0)
        } else {
            edit
        };
        Self {
            body,
            edit,
            out: VecDeque::new(),
            last: Poll::Pending,
        }
    }

    /// Polls the body inside once, if there is still something to look at. What it gives is kept.
    pub fn prime(self: Pin<&mut Self>, cx: &mut Context<'_>) {
        if self.growth().is_none() {
            let _: Poll<()> = self.poll_edit(cx);
        }
    }

    /// By how many bytes the page is longer than the body inside; `None` while undecided.
    #[must_use]
    pub fn growth(&self) -> Option<i64> {
        match self.edit {
            Edit::Done(growth) => Some(growth),
            Edit::PutIn(_) | Edit::TakeOut(_) => None,
        }
    }

    /// Takes in one frame of the body inside.
    fn poll_edit(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        let frame = match ready!(this.body.as_mut().poll_frame(cx)) {
            Some(Ok(frame)) => frame.map_data(to_bytes).into_data().map_err(Ok),
            Some(Err(error)) => Err(Err(error)),
            None => {
                this.edit.finish(this.out);
                *this.last = Poll::Ready(None);
                return Poll::Ready(());
            }
        };
        match frame {
            Ok(data) => this.edit.push(data, this.out),
            Err(last) => *this.last = Poll::Ready(Some(last)),
        }
        if this.last.is_ready() || this.body.is_end_stream() {
            this.edit.finish(this.out);
        }
        Poll::Ready(())
    }

    fn pop(self: Pin<&mut Self>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.project();
        match this.out.pop_front() {
            Some(data) => Poll::Ready(Some(Ok(Frame::data(data)))),
            None => std::mem::replace(this.last, Poll::Pending),
        }
    }
}

impl<B: Body> Body for EditBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        loop {
            if let Poll::Ready(frame) = self.as_mut().pop() {
                return Poll::Ready(frame);
            }
            if self.growth().is_some() {
                let frame = ready!(self.project().body.poll_frame(cx));
                return Poll::Ready(frame.map(|it| it.map(|frame| frame.map_data(to_bytes))));
            }
            ready!(self.as_mut().poll_edit(cx));
        }
    }

    fn is_end_stream(&self) -> bool {
        let ended = match self.last {
            Poll::Ready(None) => true,
            Poll::Ready(Some(_)) => false,
            Poll::Pending => self.growth().is_some() && self.body.is_end_stream(),
        };
        ended && self.out.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        let inside = self.body.size_hint();
        let ready: usize = self.out.iter().map(Bytes::len).sum();
        let (lower, upper) = self.edit.bounds(inside.lower(), inside.upper());
        let mut hint = SizeHint::new();
        hint.set_lower(lower.saturating_add(ready as u64));
        if let Some(upper) = upper {
            hint.set_upper(upper.saturating_add(ready as u64));
        }
        hint
    }
}

impl<B: Body> fmt::Debug for EditBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("EditBody");
        debug.field("edit", &self.edit).finish_non_exhaustive()
    }
}

impl Edit {
    fn push(&mut self, page: Bytes, out: &mut VecDeque<Bytes>) {
        match self {
            Self::PutIn(insert) => {
                if let Some(growth) = insert.push(page, out) {
                    *self = Self::Done(growth);
                }
            }
            Self::TakeOut(take_out) => take_out.push(&page, out),
            Self::Done(_) => out.push_back(page),
        }
    }

    fn finish(&mut self, out: &mut VecDeque<Bytes>) {
        *self = Self::Done(match self {
            Self::PutIn(insert) => insert.finish(out),
            Self::TakeOut(take_out) => -take_out.finish(out),
            Self::Done(growth) => *growth,
        });
    }

    /// How much is still to come, at least and at most, where the body inside has so much to come.
    fn bounds(&self, lower: u64, upper: Option<u64>) -> (u64, Option<u64>) {
        let plus = |more: usize| move |size: u64| size.saturating_add(more as u64);
        match self {
            Self::PutIn(insert) => (
                plus(insert.held())(lower),
                upper.map(plus(insert.held() + insert.most())),
            ),
            Self::TakeOut(take_out) => (0, upper.map(plus(take_out.held()))),
            Self::Done(_) => (lower, upper),
        }
    }
}

/// The bytes of a frame; `Bytes` are not copied.
pub(crate) fn to_bytes(mut data: impl Buf) -> Bytes {
    data.copy_to_bytes(data.remaining())
}
