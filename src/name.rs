//! The name of a transaction as a value: how it is printed, and which part of it a browser may see. `span::start`
//! chooses it.

use std::fmt;

use arrayvec::ArrayString;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::text::WriteTo;

/// The name of a root span, its source and its operation.
///
/// It prints the way Sentry shows it: `GET /users/{id}`. A method that HTTP does not define prints as
/// `HTTP`, as [OpenTelemetry's conventions] ask for: clients choose methods, and a name must have few values.
///
/// ```
/// use sentry_ssr::TransactionName;
///
/// assert_eq!(TransactionName::route("GET", "/users/{id}").to_string(), "GET /users/{id}");
/// assert_eq!(TransactionName::route("XQ1", "/users/{id}").to_string(), "HTTP /users/{id}");
/// assert_eq!(TransactionName::custom("nightly report").to_string(), "nightly report");
/// ```
///
/// Source: <https://develop.sentry.dev/sdk/data-model/event-payloads/transaction/#transaction-annotations>
///
/// [OpenTelemetry's conventions]: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#name
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use]
pub struct TransactionName<'a> {
    method: Option<&'a str>,
    text: &'a str,
    source: TransactionSource,
    op: &'a str,
}

/// The operation of a span that handles a request.
const HTTP_SERVER: &str = "http.server";

/// The source of a root span's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransactionSource {
    /// Set by hand.
    Custom,
    /// A route pattern, such as `/users/{id}`.
    Route,
    /// The path of a URL. It may contain personal data and has unbounded cardinality, so it never
    /// becomes part of the Dynamic Sampling Context, which every visitor of a page sees.
    Url,
}

impl<'a> TransactionName<'a> {
    /// A name set by hand.
    pub const fn custom(name: &'a str) -> Self {
        Self {
            method: None,
            text: name,
            source: TransactionSource::Custom,
            op: HTTP_SERVER,
        }
    }

    /// A request method and the route pattern that the request's path matched.
    pub const fn route(method: &'a str, pattern: &'a str) -> Self {
        Self {
            method: Some(bounded(method)),
            text: pattern,
            source: TransactionSource::Route,
            op: HTTP_SERVER,
        }
    }

    /// A request method and the path of the request's URL.
    pub const fn url(method: &'a str, path: &'a str) -> Self {
        Self {
            method: Some(bounded(method)),
            text: path,
            source: TransactionSource::Url,
            op: HTTP_SERVER,
        }
    }

    /// Sets the operation, for a span that does not handle a request: `queue.process`, for example. The span takes its
    /// operation when it starts; renaming it later does not change the operation.
    ///
    /// Source: <https://develop.sentry.dev/sdk/telemetry/traces/span-operations/>
    pub const fn with_op(self, op: &'a str) -> Self {
        Self { op, ..self }
    }

    /// The operation: `http.server`, unless another one was set.
    #[must_use]
    pub const fn op(&self) -> &'a str {
        self.op
    }

    /// The source of the name.
    #[must_use]
    pub const fn source(&self) -> TransactionSource {
        self.source
    }

    /// The name without its method, if it may leave the service.
    pub(crate) const fn public_text(&self) -> Option<&'a str> {
        if self.is_public() {
            Some(self.text)
        } else {
            None
        }
    }

    /// Whether the name may leave the service: it is not empty, has few values and no personal data.
    pub(crate) const fn is_public(&self) -> bool {
        !self.text.is_empty() && !matches!(self.source, TransactionSource::Url)
    }
}

/// A method with few values: the given one, or `HTTP`.
const fn bounded(method: &str) -> &str {
    if is_known_method(method) {
        method
    } else {
        "HTTP"
    }
}

/// Whether HTTP defines a method ([RFC 9110], [RFC 5789], and [QUERY]).
///
/// [RFC 9110]: https://www.rfc-editor.org/rfc/rfc9110#section-9
/// [RFC 5789]: https://www.rfc-editor.org/rfc/rfc5789
/// [QUERY]: https://datatracker.ietf.org/doc/draft-ietf-httpbis-safe-method-w-body/
pub(crate) const fn is_known_method(method: &str) -> bool {
    matches!(
        method.as_bytes(),
        b"GET"
            | b"HEAD"
            | b"POST"
            | b"PUT"
            | b"DELETE"
            | b"CONNECT"
            | b"OPTIONS"
            | b"TRACE"
            | b"PATCH"
            | b"QUERY"
    )
}

impl WriteTo for TransactionName<'_> {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        if let Some(method) = self.method {
            out.write_str(method)?;
            out.write_str(" ")?;
        }
        out.write_str(self.text)
    }
}

impl fmt::Display for TransactionName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

/// The route pattern that the path of a request has matched, as the router has stored it with the request.
pub(crate) use self::router::MatchedPath;

#[cfg(feature = "axum")]
mod router {
    pub(crate) use axum::extract::MatchedPath;
}

/// Without axum, no router stores a route with a request.
#[cfg(not(feature = "axum"))]
mod router {
    #[derive(Debug, Clone)]
    pub(crate) enum MatchedPath {}

    impl MatchedPath {
        pub(crate) const fn as_str(&self) -> &str {
            match *self {}
        }
    }
}

/// The route of a request: the name that was set by hand, or else the matched route; never a path. The method is
/// not part of it.
#[derive(Default)]
pub(crate) struct RouteName {
    matched: Option<MatchedPath>,
    name: Option<Name>,
}

enum Name {
    /// A name of ordinary length, which needs no allocation.
    Short(ArrayString<64>),
    Long(Box<str>),
}

impl RouteName {
    /// The matched route if it outlives the request, else the name of the root span.
    pub(crate) fn new(matched: Option<MatchedPath>, name: &TransactionName<'_>) -> Self {
        let mut route = Self {
            name: None,
            matched,
        };
        if route.matched.is_none() {
            route.rename(name);
        }
        route
    }

    pub(crate) fn rename(&mut self, name: &TransactionName<'_>) {
        self.name = name
            .public_text()
            .map(|text| match ArrayString::from(text) {
                Ok(text) => Name::Short(text),
                Err(_) => Name::Long(text.into()),
            });
    }

    /// The route that the request has matched.
    pub(crate) fn matched(&self) -> Option<&str> {
        self.matched.as_ref().map(MatchedPath::as_str)
    }

    /// The route, encoded; `None` if it is unknown.
    pub(crate) fn encoded(&self) -> Option<EncodedRoute<'_>> {
        let route = match &self.name {
            None => self.matched()?,
            Some(Name::Short(text)) => text,
            Some(Name::Long(text)) => text,
        };
        Some(EncodedRoute(route))
    }
}

/// What `encodeURIComponent` leaves as it is.
const URI_COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// A route as JavaScript's `encodeURIComponent` writes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EncodedRoute<'a>(&'a str);

impl WriteTo for EncodedRoute<'_> {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        utf8_percent_encode(self.0, URI_COMPONENT).try_for_each(|chunk| out.write_str(chunk))
    }
}

impl fmt::Display for EncodedRoute<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}
