//! A request: what tracing reads from it, how it ends, and what it asks for.
//!
//! These headers tell whether it asks for a whole page or for a fragment of one, and whether it is speculative:
//!
//! | header | of | means |
//! |---|---|---|
//! | `HX-History-Restore-Request: true`, `HX-Boosted: true`, `HX-Request-Type: full` | htmx | a page |
//! | `HX-Request: true` | htmx | a fragment, unless one of those above says otherwise |
//! | `Turbo-Frame` | Turbo | a fragment |
//! | `X-Inertia: true` | Inertia | data in place of a page |
//! | `X-Up-Version` | Unpoly | a fragment, which Unpoly extracts from the response |
//! | `Sec-Purpose: prefetch`, `Purpose: prefetch`, `X-Moz: prefetch`, `X-Purpose: preview` | browsers | a prefetch |
//! | `X-Sec-Purpose: prefetch`, `HX-Preloaded: true` | Turbo, htmx | a prefetch |
//! | `Sec-Purpose: prefetch;prerender` | browsers | a prerender |

use http::{HeaderMap, HeaderName, Method, Request, Uri};

/// The head of a request, borrowed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestInfo<'a> {
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
}

impl<'a> RequestInfo<'a> {
    pub(crate) fn of<B>(request: &'a Request<B>) -> Self {
        Self {
            method: request.method(),
            uri: request.uri(),
            headers: request.headers(),
        }
    }

    pub(crate) fn speculation(self) -> Option<Speculation> {
        Speculation::of(self.headers)
    }
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The response was sent whole, with this status.
    Status(u16),
    /// The service returned an error, or the body of its response did.
    Failed,
    /// The client did not wait for the end of the response.
    Cancelled,
    /// The handler, or the body of its response, panicked.
    Panicked,
}

const fn name(name: &'static str) -> HeaderName {
    HeaderName::from_static(name)
}

static HX_REQUEST: HeaderName = name("hx-request");
static TURBO_FRAME: HeaderName = name("turbo-frame");
static X_INERTIA: HeaderName = name("x-inertia");
static X_UP_VERSION: HeaderName = name("x-up-version");

/// What makes a request of htmx one for a page.
static OF_HTMX_PAGES: [(HeaderName, &str); 3] = [
    (name("hx-history-restore-request"), "true"),
    (name("hx-boosted"), "true"),
    (name("hx-request-type"), "full"),
];

/// The headers that [`is_fragment`] depends on, as a value of `Vary`.
pub const VARY: &str = "HX-Request, HX-Boosted, HX-History-Restore-Request, HX-Request-Type, \
                               Turbo-Frame, X-Inertia, X-Up-Version";

/// Whether a script of the page asks for a part of a page.
#[must_use]
pub fn is_fragment(headers: &HeaderMap) -> bool {
    if has(headers, &HX_REQUEST, "true") {
        return !OF_HTMX_PAGES
            .iter()
            .any(|(name, value)| has(headers, name, value));
    }
    has(headers, &X_INERTIA, "true")
        || headers.contains_key(&TURBO_FRAME)
        || headers.contains_key(&X_UP_VERSION)
}

fn has(headers: &HeaderMap, name: &HeaderName, value: &str) -> bool {
    headers
        .get(name)
        .is_some_and(|found| found.as_bytes().eq_ignore_ascii_case(value.as_bytes()))
}

static SEC_PURPOSE: HeaderName = name("sec-purpose");

/// The other headers that announce a prefetch, with the word that does.
static OF_PREFETCHES: [(HeaderName, &str); 5] = [
    (name("x-sec-purpose"), "prefetch"),
    (name("purpose"), "prefetch"),
    (name("x-moz"), "prefetch"),
    (name("x-purpose"), "preview"),
    (name("hx-preloaded"), "true"),
];

fn announces_speculation(name: &HeaderName) -> bool {
    *name == SEC_PURPOSE || OF_PREFETCHES.iter().any(|(other, _)| name == other)
}

/// A request for a page before the user asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speculation {
    /// It is loaded, but not yet rendered.
    Prefetch,
    /// It is rendered, but not yet shown.
    Prerender,
}

impl Speculation {
    /// The kind that these headers announce, if they do.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        // Reading the names once takes a fraction of looking up each of these.
        if !headers.keys().any(announces_speculation) {
            return None;
        }
        let purpose = headers.get(&SEC_PURPOSE);
        let purpose = purpose.and_then(|purpose| purpose.to_str().ok());
        purpose.and_then(Self::parse).or_else(|| {
            let is_prefetch = OF_PREFETCHES
                .iter()
                .any(|(name, value)| has(headers, name, value));
            is_prefetch.then_some(Self::Prefetch)
        })
    }

    /// Reads an item with parameters: `prefetch;prerender`, `prefetch;anonymous-client-ip`.
    fn parse(purpose: &str) -> Option<Self> {
        let mut words = purpose.split(';').map(str::trim);
        if !words.next()?.eq_ignore_ascii_case("prefetch") {
            return None;
        }
        let is_prerender = words.any(|word| word.eq_ignore_ascii_case("prerender"));
        Some(if is_prerender {
            Self::Prerender
        } else {
            Self::Prefetch
        })
    }
}
