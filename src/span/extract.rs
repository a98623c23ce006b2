//! The root span as an extractor of axum.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;

use super::{RootSpan, start_span};
use crate::name::{MatchedPath, TransactionName};
use crate::request::RequestInfo;

/// Never rejects. Under a [`RootSpanLayer`](crate::RootSpanLayer) it returns the span of the layer. Without
/// one it adopts the active span, or starts one with the options of the bound Sentry client. All extractors of
/// a request return the same span.
///
/// A span that the extractor has started ends with its last handle. It is not active on the handler's scope:
/// only code in [`RootSpan::scope`] or [`RootSpan::in_scope`] is reported as part of it.
impl<S: Send + Sync> FromRequestParts<S> for RootSpan {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(of_request(parts))
    }
}

/// Always returns a span, under the rules of the plain extractor.
impl<S: Send + Sync> OptionalFromRequestParts<S> for RootSpan {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(Some(of_request(parts)))
    }
}

impl RootSpan {
    /// Names the span after a route, if it is still named after a URL.
    fn set_route(&self, name: &TransactionName<'_>) {
        if self.values.context().lacks_public_name() {
            self.rename(name);
        }
    }
}

fn of_request(parts: &mut Parts) -> RootSpan {
    let Some(span) = parts.extensions.get::<RootSpan>() else {
        let span = start_span(
            RequestInfo {
                method: &parts.method,
                uri: &parts.uri,
                headers: &parts.headers,
            },
            &parts.extensions,
            None,
            false,
        );
        parts.extensions.insert(span.clone());
        return span;
    };
    // A layer around the whole router has started the span before the route was known.
    if let Some(route) = parts.extensions.get::<MatchedPath>() {
        span.set_route(&TransactionName::route(
            parts.method.as_str(),
            route.as_str(),
        ));
    }
    span.clone()
}
