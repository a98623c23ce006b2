//! What a root span takes from an HTTP request.

use std::iter;
use std::sync::Arc;

use http::header::HOST;
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderName, Method, Request, Uri};

use crate::header::{self, IncomingTrace};
use crate::name::TransactionName;
use crate::options::TraceOptions;
use crate::route::matched_route;
use crate::sdk::{RequestFacts, RequestHub};
use crate::span::RootSpan;

const SENTRY_TRACE: HeaderName = HeaderName::from_static(header::SENTRY_TRACE);
const BAGGAGE: HeaderName = HeaderName::from_static(header::BAGGAGE);

impl IncomingTrace {
    /// Reads the trace from the headers of a request; `None` where there is none to continue.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let baggage = iter::once_with(|| headers.get_all(BAGGAGE)).flatten();
        Self::parse(headers.get_all(SENTRY_TRACE), baggage)
    }
}

/// A request without its body.
pub(crate) struct HttpRequest<'a> {
    method: &'a Method,
    uri: &'a Uri,
    headers: &'a HeaderMap,
    extensions: &'a Extensions,
}

impl<'a> HttpRequest<'a> {
    pub(crate) fn of<B>(request: &'a Request<B>) -> Self {
        Self {
            method: request.method(),
            uri: request.uri(),
            headers: request.headers(),
            extensions: request.extensions(),
        }
    }

    #[cfg_attr(
        not(feature = "axum"),
        expect(dead_code, reason = "parts come with axum")
    )]
    pub(crate) fn of_parts(parts: &'a Parts) -> Self {
        Self {
            method: &parts.method,
            uri: &parts.uri,
            headers: &parts.headers,
            extensions: &parts.extensions,
        }
    }

    /// Starts the request's span, with these options or else those of the bound client.
    pub(crate) fn start_span(&self, options: Option<&TraceOptions>) -> RootSpan {
        let hub = RequestHub::fresh();
        let of_client = match options {
            Some(_) => None,
            None => hub.options(),
        };
        let none = TraceOptions::default();
        let options = options.or(of_client.as_deref()).unwrap_or(&none);
        RootSpan::begin(
            hub,
            options,
            IncomingTrace::from_headers(self.headers),
            &self.name(),
            || Some(Arc::new(self.to_facts())),
        )
    }

    fn name(&self) -> TransactionName<'a> {
        let method = self.method.as_str();
        match matched_route(self.extensions) {
            Some(route) => TransactionName::route(method, route),
            None => TransactionName::url(method, self.uri.path()),
        }
    }

    fn to_facts(&self) -> Facts {
        Facts {
            method: self.method.clone(),
            uri: self.uri.clone(),
            headers: self.headers.clone(),
        }
    }
}

/// What is kept of a request for the events that happen in it.
struct Facts {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

impl RequestFacts for Facts {
    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn url(&self) -> Option<String> {
        let scheme = self.uri.scheme_str().unwrap_or("http");
        let authority = match self.uri.authority() {
            Some(authority) => authority.as_str(),
            None => self.headers.get(HOST)?.to_str().ok()?,
        };
        let host = authority.rsplit('@').next()?;
        Some(format!("{scheme}://{host}{}", self.uri.path()))
    }

    fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    fn headers(&self) -> Vec<(&str, &str)> {
        self.headers
            .iter()
            .filter(|(_, value)| !value.is_sensitive())
            .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
            .collect()
    }
}
