//! What tracing reads from a request.

#[cfg(feature = "axum")]
use http::request::Parts;
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

    #[cfg(feature = "axum")]
    pub(crate) fn of_parts(parts: &'a Parts) -> Self {
        Self {
            method: &parts.method,
            uri: &parts.uri,
            headers: &parts.headers,
        }
    }
}
