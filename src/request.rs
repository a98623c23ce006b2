//! What tracing reads from a request, and how a request ends.

use http::{HeaderMap, Method, Request, Uri};

use crate::request_kind::Speculation;

/// The head of a request, borrowed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestInfo<'a> {
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
}

impl<'a> RequestInfo<'a> {
    pub(crate) fn of<B>(request: &'a Request<B>) -> Self {
        Self {
            method: request.method(),
            uri: request.uri(),
            headers: request.headers(),
        }
    }

    pub(crate) fn speculation(self) -> Option<Speculation> {
        Speculation::of(self.headers)
    }
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The response was sent whole, with this status.
    Status(u16),
    /// The service returned an error, or the body of its response did.
    Failed,
    /// The client did not wait for the end of the response.
    Cancelled,
    /// The handler, or the body of its response, panicked.
    Panicked,
}
