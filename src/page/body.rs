use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::inject::{EditBody, to_bytes};

pin_project! {
    /// The body of a response: as it was, or edited.
    ///
    /// An edited one is boxed, so that it can be polled before it has its final place, and so that
    /// all the others are small.
    #[project = Projected]
    pub(crate) enum PageBody<B: Body> {
        Plain {
            #[pin]
            body: B,
        },
        Edited {
            body: Pin<Box<EditBody<B>>>,
        },
    }
}

impl<B: Body> Body for PageBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        match self.project() {
            Projected::Plain { body } => body
                .poll_frame(cx)
                .map(|frame| frame.map(|it| it.map(|frame| frame.map_data(to_bytes)))),
            Projected::Edited { body } => body.as_mut().poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Plain { body } => body.is_end_stream(),
            Self::Edited { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Plain { body } => body.size_hint(),
            Self::Edited { body } => body.size_hint(),
        }
    }
}

impl<B: Body> fmt::Debug for PageBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain { .. } => "Plain",
            Self::Edited { .. } => "Edited",
        })
    }
}
