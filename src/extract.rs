//! [`RootSpan`] as an axum extractor.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::name::TransactionName;
use crate::request::HttpRequest;
use crate::route::matched_route;
use crate::span::RootSpan;

/// Never rejects. Under a [`RootSpanLayer`](crate::RootSpanLayer) it is the span that the layer has
/// started; without one it adopts the span that is active, else starts one with the options of the
/// bound Sentry client. All extractors of a request get the same span.
///
/// A span that it has started ends with its last handle, and is not active on the handler's scope:
/// only what runs in [`RootSpan::scope`] or [`RootSpan::in_scope`] is reported as a part of it.
impl<S: Send + Sync> FromRequestParts<S> for RootSpan {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(of_request(parts))
    }
}

fn of_request(parts: &mut Parts) -> RootSpan {
    let Some(span) = parts.extensions.get::<RootSpan>() else {
        let span = HttpRequest::of_parts(parts).start_span(None);
        parts.extensions.insert(span.clone());
        return span;
    };
    // A layer around the whole router has started the span before the route was known.
    if let Some(route) = matched_route(&parts.extensions) {
        span.found_route(&TransactionName::route(parts.method.as_str(), route));
    }
    span.clone()
}
