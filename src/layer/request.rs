//! How the root span of a request starts, and what its transaction is named after.

use http::Extensions;

use super::router::{kept_route, route};
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
    behind_edge: bool,
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
        behind_edge,
    };
    start.under(hub)
}

/// The name of the transaction: the route if the router knows it, else the path of the URL.
fn name<'a>(request: RequestInfo<'a>, extensions: &'a Extensions) -> TransactionName<'a> {
    let method = request.method.as_str();
    match route(extensions) {
        Some(route) => TransactionName::route(method, route),
        None => TransactionName::url(method, request.uri.path()),
    }
}
