//! What the layer and the extractor take from a request: its root span and its route.

use http::Extensions;

#[cfg(feature = "axum")]
pub(super) use self::axum::{KeptRoute, kept_route, route};
#[cfg(not(feature = "axum"))]
pub(super) use self::no_router::{KeptRoute, kept_route, route};

use crate::name::TransactionName;
use crate::options::TraceOptions;
use crate::propagation::IncomingTrace;
use crate::request::RequestInfo;
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

/// Without a router there is no route.
#[cfg(not(feature = "axum"))]
mod no_router {
    use std::convert::Infallible;

    use http::Extensions;

    #[derive(Debug)]
    pub(in crate::layer) struct KeptRoute(Infallible);

    impl KeptRoute {
        pub(in crate::layer) const fn as_str(&self) -> &str {
            match self.0 {}
        }
    }

    pub(in crate::layer) const fn route(_: &Extensions) -> Option<&str> {
        None
    }

    pub(in crate::layer) const fn kept_route(_: &Extensions) -> Option<KeptRoute> {
        None
    }
}

#[cfg(feature = "axum")]
mod axum {
    use std::convert::Infallible;

    use axum::extract::MatchedPath;
    /// A route pattern that outlives the request.
    pub(in crate::layer) use axum::extract::MatchedPath as KeptRoute;
    use axum::extract::{FromRequestParts, OptionalFromRequestParts};
    use http::Extensions;
    use http::request::Parts;

    use super::{RequestInfo, RootSpan, TransactionName, start_span};

    /// The route pattern that the request's path matched.
    pub(in crate::layer) fn route(extensions: &Extensions) -> Option<&str> {
        extensions.get().map(MatchedPath::as_str)
    }

    pub(in crate::layer) fn kept_route(extensions: &Extensions) -> Option<KeptRoute> {
        extensions.get().cloned()
    }

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
