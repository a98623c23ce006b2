//! The name of a root span, which is the name of its transaction: what it prints, and whether the browser may see it.

use std::fmt;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

    /// The same name with the operation of a span that handles no request, such as `queue.process`. It counts
    /// when the span starts; renaming keeps the operation.
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

    /// Whether the name may leave the service: it has few values and no personal data.
    pub(crate) const fn is_public(&self) -> bool {
        !matches!(self.source, TransactionSource::Url)
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
