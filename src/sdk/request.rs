//! The request as an event shows it.

use std::cell::RefCell;
use std::sync::LazyLock;

use http::header::HOST;
use http::{HeaderMap, Method, Uri};
use memchr::memchr;
use sentry::Transaction;
use sentry::protocol::{Map, Request, Url};
use sentry::utils::is_sensitive_header;

use crate::name::is_known_method;
use crate::request::RequestInfo;

/// What is kept of a request for the events that happen in it.
pub(super) struct RequestData {
    method: Method,
    uri: Uri,
    headers: HeaderLines,
    send_default_pii: bool,
}

impl RequestData {
    pub(super) fn of(request: RequestInfo<'_>, send_default_pii: bool) -> Self {
        Self {
            method: request.method.clone(),
            uri: request.uri.clone(),
            headers: HeaderLines::of(request.headers),
            send_default_pii,
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
        transaction.set_request(self.to_sdk());
    }

    /// The SDK's form. The query and the headers that the SDK considers sensitive are included only with
    /// `send_default_pii`.
    pub(super) fn to_sdk(&self) -> Request {
        let query = self.uri.query().filter(|_| self.send_default_pii);
        let is_shown = |name: &str| self.send_default_pii || !is_sensitive(name);
        let shown = self.headers.iter().filter(|(name, _)| is_shown(name));
        let mut headers = Map::new();
        headers.extend(shown.map(|(name, value)| (name.to_owned(), value.to_owned())));
        Request {
            method: Some(self.method.as_str().to_owned()),
            url: self.url(),
            query_string: query.map(Into::into),
            headers,
            ..Request::default()
        }
    }

    /// The URL without user, password, query and fragment.
    fn url(&self) -> Option<Url> {
        let scheme = self.uri.scheme_str().unwrap_or("http");
        let authority = match self.uri.authority() {
            Some(authority) => authority.as_str(),
            None => self.headers.get(HOST.as_str())?,
        };
        let path = Some(self.uri.path()).filter(|path| *path != "*")?;
        let mut url = origin(scheme, authority.rsplit('@').next()?)?;
        url.set_path(path);
        Some(url)
    }
}

/// The URL of an origin, which is parsed once where all requests have the same one.
fn origin(scheme: &str, host: &str) -> Option<Url> {
    thread_local! {
        static LAST: RefCell<Option<(String, String, Url)>> = const { RefCell::new(None) };
    }

    let is_same = |it: &(String, String, Url)| it.0 == scheme && it.1 == host;
    LAST.try_with(|last| {
        let mut last = last.borrow_mut();
        if !last.as_ref().is_some_and(is_same) {
            let mut url: Url = format!("{scheme}://{host}").parse().ok()?;
            url.set_query(None);
            url.set_fragment(None);
            *last = Some((scheme.to_owned(), host.to_owned(), url));
        }
        last.as_ref().map(|(_, _, url)| url.clone())
    })
    .ok()?
}

/// Whether the SDK considers a header sensitive. It copies a name twice to find out, so it is asked once about
/// the usual headers.
fn is_sensitive(name: &str) -> bool {
    static HARMLESS: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let harmless = USUAL.into_iter().filter(|name| !is_sensitive_header(name));
        harmless.collect()
    });
    !HARMLESS.contains(&name) && is_sensitive_header(name)
}

const USUAL: [&str; 22] = [
    "host",
    "accept",
    "user-agent",
    "accept-encoding",
    "accept-language",
    "connection",
    "cache-control",
    "content-length",
    "content-type",
    "referer",
    "origin",
    "sec-ch-ua",
    "sec-ch-ua-mobile",
    "sec-ch-ua-platform",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "sec-fetch-user",
    "upgrade-insecure-requests",
    "priority",
    "sentry-trace",
    "baggage",
];

/// A copy of headers in one piece: a line for each name and each value, which cannot contain line feeds.
struct HeaderLines(Vec<u8>);

impl HeaderLines {
    fn of(headers: &HeaderMap) -> Self {
        let shown = || headers.iter().filter(|(_, value)| !value.is_sensitive());
        let len = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            name.as_str().len() + value.len() + 2
        };
        let mut lines = Vec::with_capacity(shown().map(len).sum());
        for (name, value) in shown() {
            for line in [name.as_str().as_bytes(), value.as_bytes()] {
                lines.extend_from_slice(line);
                lines.push(b'\n');
            }
        }
        Self(lines)
    }

    /// The headers whose values are text. A value has no control characters, so it is text where it is ASCII.
    fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut rest = &*self.0;
        let mut line = move || {
            let (line, behind) = rest.split_at_checked(memchr(b'\n', rest)?)?;
            rest = behind.get(1..)?;
            Some(line)
        };
        let pairs = std::iter::from_fn(move || Some((line()?, line()?)));
        pairs.filter_map(|(name, value)| {
            let value = str::from_utf8(value).ok()?;
            Some((str::from_utf8(name).ok()?, value)).filter(|_| value.is_ascii())
        })
    }

    fn get(&self, wanted: &str) -> Option<&str> {
        let mut headers = self.iter();
        headers.find_map(|(name, value)| (name == wanted).then_some(value))
    }
}
