//! The route in the headers of a response.

use http::header::HeaderName;
use http::{HeaderMap, HeaderValue};

use crate::request;
use crate::values::TraceValues;

/// The header from which a script reads the route. It has the name of the tag and the same encoding.
static ROUTE_NAME: HeaderName = HeaderName::from_static("sentry-route-name");

/// Some proxies accept only 4 KiB for all headers. Sentry cuts a name after 200 characters.
const MAX_LEN: usize = 1024;

/// The request headers that decide whether the route is inserted into a page.
pub(super) const VARY_ON: HeaderValue = HeaderValue::from_static(request::VARY);

/// Sends the route, if it is known and the handler has not sent one.
pub(super) fn send(values: &TraceValues, headers: &mut HeaderMap) {
    let value = values.with_route(|route| Some(route?.to_string()));
    let value = value.filter(|value| value.len() <= MAX_LEN);
    if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
        headers.entry(&ROUTE_NAME).or_insert(value);
    }
}
