//! A body that gives just these frames, and what comes out of a body.

use std::cell::Cell;
use std::collections::VecDeque;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use bytes::{Buf, Bytes};
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};

/// A body of given frames; it panics when it is polled after its end.
pub(crate) struct Frames {
    parts: VecDeque<Poll<Part>>,
    known_size: bool,
    known_end: bool,
    ended: bool,
    given: Rc<Cell<usize>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    Data(Bytes),
    Trailers,
    Error,
}

impl Part {
    pub(crate) fn data(&self) -> Option<&Bytes> {
        match self {
            Self::Data(data) => Some(data),
            Self::Trailers | Self::Error => None,
        }
    }
}

impl Frames {
    pub(crate) fn of<T: Into<Bytes>>(frames: impl IntoIterator<Item = T>) -> Self {
        let parts = frames
            .into_iter()
            .map(|it| Poll::Ready(Part::Data(it.into())));
        Self {
            parts: parts.collect(),
            known_size: false,
            known_end: false,
            ended: false,
            given: Rc::default(),
        }
    }

    fn and(mut self, part: Poll<Part>) -> Self {
        self.parts.push_back(part);
        self
    }

    pub(crate) fn then(self, data: &'static str) -> Self {
        self.and(Poll::Ready(Part::Data(data.into())))
    }

    pub(crate) fn then_waiting(self) -> Self {
        self.and(Poll::Pending)
    }

    pub(crate) fn with_trailers(self) -> Self {
        self.and(Poll::Ready(Part::Trailers))
    }

    pub(crate) fn with_error(self) -> Self {
        self.and(Poll::Ready(Part::Error))
    }

    pub(crate) fn with_known_size(mut self) -> Self {
        self.known_size = true;
        self
    }

    pub(crate) fn with_known_end(mut self) -> Self {
        self.known_end = true;
        self
    }

    /// Counts the bytes that were taken out of this body.
    pub(crate) fn given(&self) -> Rc<Cell<usize>> {
        Rc::clone(&self.given)
    }
}

impl Body for Frames {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        match self.parts.pop_front() {
            Some(Poll::Pending) => Poll::Pending,
            Some(Poll::Ready(Part::Data(data))) => {
                self.given.set(self.given.get() + data.len());
                Poll::Ready(Some(Ok(Frame::data(data))))
            }
            Some(Poll::Ready(Part::Trailers)) => {
                Poll::Ready(Some(Ok(Frame::trailers(HeaderMap::new()))))
            }
            Some(Poll::Ready(Part::Error)) => Poll::Ready(Some(Err("broken"))),
            None => {
                assert!(!self.ended, "polled after its end");
                self.ended = true;
                Poll::Ready(None)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.known_end && self.parts.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        if !self.known_size {
            return SizeHint::default();
        }
        let data = self.parts.iter().map(|part| match part {
            Poll::Ready(Part::Data(data)) => data.len() as u64,
            _ => 0,
        });
        SizeHint::with_exact(data.sum())
    }
}

/// The body's next part; `None` at its end and while it waits.
pub(crate) fn next<B: Body + Unpin>(body: &mut B) -> Option<Part> {
    let mut cx = Context::from_waker(Waker::noop());
    match Pin::new(body).poll_frame(&mut cx) {
        Poll::Pending | Poll::Ready(None) => None,
        Poll::Ready(Some(Err(_))) => Some(Part::Error),
        Poll::Ready(Some(Ok(frame))) => Some(match frame.into_data() {
            Ok(mut data) => Part::Data(data.copy_to_bytes(data.remaining())),
            Err(_) => Part::Trailers,
        }),
    }
}

/// All that is left of a body, while each frame keeps what the hints before it have promised.
pub(crate) fn collect<B: Body + Unpin>(mut body: B) -> Vec<Part> {
    let (mut parts, mut promises) = (Vec::new(), Vec::new());
    let mut sent = 0;
    loop {
        promises.push((sent, body.size_hint(), body.is_end_stream()));
        let mut cx = Context::from_waker(Waker::noop());
        match Pin::new(&mut body).poll_frame(&mut cx) {
            Poll::Pending => continue,
            Poll::Ready(None) => break,
            Poll::Ready(Some(Err(_))) => {
                parts.push(Part::Error);
                return parts;
            }
            Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                Ok(mut data) => {
                    sent += data.remaining() as u64;
                    parts.push(Part::Data(data.copy_to_bytes(data.remaining())));
                }
                Err(_) => parts.push(Part::Trailers),
            },
        }
        assert!(!promises.last().unwrap().2, "more came after the end");
    }
    for (before, hint, _) in promises {
        assert!(hint.lower() <= sent - before, "less came than promised");
        assert!(
            hint.upper().is_none_or(|upper| sent - before <= upper),
            "more came than promised"
        );
    }
    parts
}

/// The data of all parts.
pub(crate) fn bytes(parts: &[Part]) -> Vec<u8> {
    let data: Vec<_> = parts
        .iter()
        .filter_map(Part::data)
        .map(|it| &it[..])
        .collect();
    data.concat()
}

/// The data of all parts as one text.
pub(crate) fn text(parts: &[Part]) -> String {
    String::from_utf8_lossy(&bytes(parts)).into_owned()
}

/// Primes a body as a layer would.
pub(crate) fn prime(body: &mut sentry_ssr::RootSpanBody<Frames>) {
    body.prime(&mut Context::from_waker(Waker::noop()));
}
