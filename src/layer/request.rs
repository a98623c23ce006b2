//! What the layer and the extractor take from a request: its root span and its route.

use http::Extensions;

use crate::name::TransactionName;
use crate::options::TraceOptions;
use crate::propagation::IncomingTrace;
use crate::request::RequestInfo;
use crate::route::KeptRoute;
use crate::sdk::RequestHub;
use crate::span::{RootSpan, Start};

/// Starts the root span of a request, with these options or else those of the bound client.
pub(super) fn start_span(
    request: RequestInfo<'_>,
    extensions: &Extensions,
    options: Option<&TraceOptions>,
) -> RootSpan {
    let hub = RequestHub::from_current();
    let of_client = match options {
        Some(_) => None,
        None => hub.options(),
    };
    let defaults = TraceOptions::default();
    let start = Start {
        options: options.or(of_client.as_deref()).unwrap_or(&defaults),
        incoming: IncomingTrace::from_headers(request.headers),
        name: name(request, extensions),
        request: Some(request),
        route: kept_route(extensions),
    };
    start.under(hub)
}

fn name<'a>(request: RequestInfo<'a>, extensions: &'a Extensions) -> TransactionName<'a> {
    let method = request.method.as_str();
    match route(extensions) {
        Some(route) => TransactionName::route(method, route),
        None => TransactionName::url(method, request.uri.path()),
    }
}

/// The route pattern that the request's path matched, where a router sets it.
#[cfg(feature = "axum")]
fn route(extensions: &Extensions) -> Option<&str> {
    extensions.get().map(axum::extract::MatchedPath::as_str)
}

#[cfg(not(feature = "axum"))]
fn route(_: &Extensions) -> Option<&str> {
    None
}

pub(super) fn kept_route(extensions: &Extensions) -> Option<KeptRoute> {
    extensions.get::<KeptRoute>().cloned()
}

#[cfg(feature = "axum")]
mod extractor {
    use std::convert::Infallible;

    use axum::extract::{FromRequestParts, OptionalFromRequestParts};
    use http::request::Parts;

    use super::{RequestInfo, RootSpan, TransactionName, route, start_span};

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

    fn of_request(parts: &mut Parts) -> RootSpan {
        let Some(span) = parts.extensions.get::<RootSpan>() else {
            let span = start_span(RequestInfo::of_parts(parts), &parts.extensions, None);
            parts.extensions.insert(span.clone());
            return span;
        };
        // A layer around the whole router has started the span before the route was known.
        if let Some(route) = route(&parts.extensions) {
            span.set_route(&TransactionName::route(parts.method.as_str(), route));
        }
        span.clone()
    }
}
