//! The request as an event shows it.

use std::borrow::Cow;
use std::cell::RefCell;

use http::header::HOST;
use http::{HeaderMap, Method, Uri};
use sentry::Transaction;
use sentry::protocol::{Map, Request, Url};

use super::sensitive;
use crate::name::is_known_method;
use crate::request::{RequestInfo, Speculation};

/// What is kept of a request for the events that happen in it.
pub(super) struct RequestData {
    method: Method,
    uri: Uri,
    headers: HeaderTexts,
    send_default_pii: bool,
}

impl RequestData {
    pub(super) fn of(request: RequestInfo<'_>, send_default_pii: bool) -> Self {
        Self {
            method: request.method.clone(),
            uri: request.uri.clone(),
            headers: HeaderTexts::of(request.headers),
            send_default_pii,
        }
    }

    /// Adds the request to a transaction. A method that HTTP does not define is data only, as in
    /// [OpenTelemetry's conventions].
    ///
    /// [OpenTelemetry's conventions]: https://opentelemetry.io/docs/specs/semconv/http/http-spans/
    pub(super) fn describe(&self, transaction: &Transaction, speculation: Option<Speculation>) {
        let method = self.method.as_str();
        if !is_known_method(method) {
            transaction.set_data("http.request.method", "_OTHER".into());
            transaction.set_data("http.request.method_original", method.into());
        }
        if let Some(speculation) = speculation {
            transaction.set_data(
                "http.request.header.sec-purpose",
                sec_purpose(speculation).into(),
            );
        }
        transaction.set_request(self.to_sdk());
    }

    /// The SDK's form. The query, which may contain anything, and headers that identify a person are included
    /// only with `send_default_pii`.
    pub(super) fn to_sdk(&self) -> Request {
        let query = self.uri.query().filter(|_| self.send_default_pii);
        let shown = |(name, value)| (str::to_owned(name), self.shown(name, value).into_owned());
        let headers: Map<_, _> = self.headers.iter().map(shown).collect();
        Request {
            method: Some(self.method.as_str().to_owned()),
            url: self.url(headers.get(HOST.as_str())),
            query_string: query.map(Into::into),
            headers,
            ..Request::default()
        }
    }

    fn shown<'a>(&self, name: &str, value: &'a str) -> Cow<'a, str> {
        if self.send_default_pii {
            value.into()
        } else {
            sensitive::shown(name, value)
        }
    }

    /// The URL without user, password, query and fragment.
    fn url(&self, host: Option<&String>) -> Option<Url> {
        let scheme = self.uri.scheme_str().unwrap_or("http");
        let authority = match self.uri.authority() {
            Some(authority) => authority.as_str(),
            None => host?,
        };
        let path = Some(self.uri.path()).filter(|path| *path != "*")?;
        let mut url = origin(scheme, authority)?;
        url.set_path(path);
        Some(url)
    }
}

/// The value of `Sec-Purpose` for a speculation, whichever header has announced it.
const fn sec_purpose(speculation: Speculation) -> &'static str {
    match speculation {
        Speculation::Prefetch => "prefetch",
        Speculation::Prerender => "prefetch;prerender",
    }
}

/// The URL of an origin, which is parsed once as long as all requests have the same one.
fn origin(scheme: &str, authority: &str) -> Option<Url> {
    thread_local! {
        static LAST: RefCell<Option<(String, String, Url)>> = const { RefCell::new(None) };
    }

    let is_same = |it: &(String, String, Url)| it.0 == scheme && it.1 == authority;
    LAST.try_with(|last| {
        let mut last = last.borrow_mut();
        if !last.as_ref().is_some_and(is_same) {
            let host = authority.rsplit('@').next()?;
            let mut url: Url = format!("{scheme}://{host}").parse().ok()?;
            url.set_query(None);
            url.set_fragment(None);
            *last = Some((scheme.to_owned(), authority.to_owned(), url));
        }
        last.as_ref().map(|(_, _, url)| url.clone())
    })
    .ok()?
}

/// Enough bytes for the headers of most requests.
const ROOM: usize = 1024;

/// A copy of those headers that are text, all names and values in one piece.
struct HeaderTexts {
    bytes: Vec<u8>,
    /// Where each name ends, and its value.
    ends: Vec<[usize; 2]>,
}

impl HeaderTexts {
    fn of(headers: &HeaderMap) -> Self {
        let mut texts = Self {
            bytes: Vec::with_capacity(ROOM),
            ends: Vec::with_capacity(headers.len()),
        };
        for (name, value) in headers {
            // A value has no control characters but tabs, so it is text if it is ASCII.
            if !value.is_sensitive() && value.as_bytes().is_ascii() {
                texts.push(name.as_str().as_bytes(), value.as_bytes());
            }
        }
        texts
    }

    fn push(&mut self, name: &[u8], value: &[u8]) {
        self.bytes.extend_from_slice(name);
        let end_of_name = self.bytes.len();
        self.bytes.extend_from_slice(value);
        self.ends.push([end_of_name, self.bytes.len()]);
    }

    fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let texts = str::from_utf8(&self.bytes).unwrap_or_default();
        let mut start = 0;
        self.ends.iter().map(move |&[name, value]| {
            let texts = (texts.get(start..name), texts.get(name..value));
            start = value;
            (texts.0.unwrap_or_default(), texts.1.unwrap_or_default())
        })
    }
}
