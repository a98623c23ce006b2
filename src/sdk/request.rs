//! The request as an event shows it.

use http::header::HOST;
use http::{HeaderMap, Method, Uri};
use sentry::Transaction;
use sentry::protocol::Request;
use sentry::utils::is_sensitive_header;

use crate::name::is_known_method;
use crate::request::RequestInfo;
use crate::request_kind::Speculation;

/// What is kept of a request for the events that happen in it.
pub(super) struct RequestData {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    send_default_pii: bool,
    speculation: Option<Speculation>,
}

impl RequestData {
    pub(super) fn of(request: RequestInfo<'_>, send_default_pii: bool) -> Self {
        Self {
            method: request.method.clone(),
            uri: request.uri.clone(),
            headers: request.headers.clone(),
            send_default_pii,
            speculation: request.speculation(),
        }
    }

    /// Adds the request to a transaction. A method that HTTP does not define is data only, as in
    /// [OpenTelemetry's conventions].
    ///
    /// [OpenTelemetry's conventions]: https://opentelemetry.io/docs/specs/semconv/http/http-spans/
    pub(super) fn describe(&self, transaction: &Transaction) {
        let method = self.method.as_str();
        if !is_known_method(method) {
            transaction.set_data("http.request.method", "_OTHER".into());
            transaction.set_data("http.request.method_original", method.into());
        }
        if let Some(speculation) = self.speculation {
            transaction.set_data("http.request.header.sec-purpose", speculation.as_str().into());
        }
        transaction.set_request(self.to_sdk());
    }

    /// The SDK's form. The query and the headers that the SDK considers sensitive are included only with
    /// `send_default_pii`.
    pub(super) fn to_sdk(&self) -> Request {
        let query = self.uri.query().filter(|_| self.send_default_pii);
        Request {
            method: Some(self.method.as_str().to_owned()),
            url: self.url().and_then(|url| url.parse().ok()),
            query_string: query.map(Into::into),
            headers: self
                .headers
                .iter()
                .filter(|(name, value)| {
                    !value.is_sensitive()
                        && (self.send_default_pii || !is_sensitive_header(name.as_str()))
                })
                .filter_map(|(name, value)| {
                    Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
                })
                .collect(),
            ..Request::default()
        }
    }

    /// The URL without user, password, query and fragment.
    fn url(&self) -> Option<String> {
        let scheme = self.uri.scheme_str().unwrap_or("http");
        let authority = match self.uri.authority() {
            Some(authority) => authority.as_str(),
            None => self.headers.get(HOST)?.to_str().ok()?,
        };
        let host = authority.rsplit('@').next()?;
        Some(format!("{scheme}://{host}{}", self.uri.path()))
    }
}
