//! A body that does what a test tells it to.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    Data(&'static str),
    Trailers,
    Fail,
    Panic,
    /// Never goes on.
    Stall,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    steps: VecDeque<Step>,
    size_hint: SizeHint,
    tells_end: bool,
    _report: Option<Report>,
}

/// Reports an event when it is dropped.
#[derive(Debug, Clone)]
struct Report;

impl Drop for Report {
    fn drop(&mut self) {
        sentry::capture_message("a body was dropped", sentry::Level::Info);
    }
}

pub(crate) fn script(steps: impl IntoIterator<Item = Step>) -> Script {
    Script {
        steps: steps.into_iter().collect(),
        ..Script::default()
    }
}

impl Script {
    pub(crate) fn with_size(self, size: u64) -> Self {
        Self {
            size_hint: SizeHint::with_exact(size),
            ..self
        }
    }

    pub(crate) fn telling_its_end(self) -> Self {
        Self {
            tells_end: true,
            ..self
        }
    }

    pub(crate) fn reporting_its_drop(self) -> Self {
        Self {
            _report: Some(Report),
            ..self
        }
    }
}

impl Body for Script {
    type Data = &'static [u8];
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, io::Error>>> {
        Poll::Ready(match self.steps.pop_front() {
            Some(Step::Data(data)) => Some(Ok(Frame::data(data.as_bytes()))),
            Some(Step::Trailers) => {
                let mut trailers = HeaderMap::new();
                trailers.insert("x-last", "words".parse().unwrap());
                Some(Ok(Frame::trailers(trailers)))
            }
            Some(Step::Fail) => Some(Err(io::Error::other("the disk is gone"))),
            Some(Step::Panic) => panic!("nobody expects this"),
            Some(Step::Stall) => {
                self.steps.push_front(Step::Stall);
                return Poll::Pending;
            }
            None => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.tells_end && self.steps.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        self.size_hint
    }
}

/// Reads this many frames, then drops the body.
pub(crate) async fn read<B: Body<Error = io::Error> + Unpin>(mut body: B, frames: usize) {
    for _ in 0..frames {
        let _frame = body.frame().await;
    }
}
