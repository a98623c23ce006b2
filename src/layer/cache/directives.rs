//! The headers that caches read: `Cache-Control`, the headers for single caches, and `Expires`; and how to keep a
//! response from caches.

use std::time::SystemTime;

use http::header::{AGE, CACHE_CONTROL, DATE, ETAG, EXPIRES, Entry, LAST_MODIFIED, PRAGMA};
use http::{HeaderMap, HeaderName, HeaderValue};

/// The directives that matter, over all lines of one header.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one directive, there or not"
)]
pub(super) struct CacheControl {
    pub(super) no_store: bool,
    /// `no-cache` without field names.
    pub(super) no_cache: bool,
    pub(super) must_understand: bool,
    /// A well-formed `max-age`, zero included.
    pub(super) max_age: bool,
    /// The directive that gives a lifetime above zero.
    pub(super) lifetime: Option<&'static str>,
    /// The directive that permits heuristic freshness.
    pub(super) heuristic: Option<&'static str>,
    /// Some directive permits a cache to store the response.
    pub(super) permits: bool,
    /// Some directive says how long to keep the response, or not to keep it.
    pub(super) decides: bool,
}

/// Akamai writes the last two of them with units: `cache-maxage=7d`.
const LIFETIMES: [&str; 6] = [
    "max-age",
    "s-maxage",
    "cache-maxage",
    "downstream-ttl",
    "stale-while-revalidate",
    "stale-if-error",
];

impl CacheControl {
    /// Reads all lines of `field`.
    pub(super) fn of(field: &HeaderName, headers: &HeaderMap) -> Self {
        let mut control = Self::default();
        for line in headers.get_all(field) {
            let line = String::from_utf8_lossy(line.as_bytes()).to_ascii_lowercase();
            match field.as_str() {
                number if is_number(number) => control.read(&format!("max-age={line}")),
                "edge-control" => control.read_edge_control(&line),
                _ => control.read(&line),
            }
        }
        control
    }

    fn read(&mut self, line: &str) {
        self.lifetime = self.lifetime.or_else(|| lifetime(line));
        directives(line).for_each(|directive| self.note(directive));
    }

    /// `bypass-cache` is Akamai's second word for `no-store`. Akamai sends the browser a lifetime in spite of both.
    fn read_edge_control(&mut self, line: &str) {
        self.read(&line.replace("bypass-cache", "no-store"));
        self.no_store &= self.lifetime.is_none();
    }

    fn note(&mut self, directive: &str) {
        match split(directive) {
            ("no-store", None) => self.no_store = true,
            ("no-cache", None) => self.no_cache = true,
            ("must-understand", _) => self.must_understand = true,
            ("max-age", Some(age)) => self.max_age |= is_integer(age),
            ("public", _) => self.heuristic = Some("public"),
            ("immutable", _) => self.heuristic = Some("immutable"),
            _ => {}
        }
        self.decides |= match split(directive) {
            ("no-store" | "no-cache" | "private", None) => true,
            (name, Some(age)) => LIFETIMES.contains(&name) && is_integer(age),
            _ => false,
        };
        self.permits |= matches!(
            split(directive).0,
            "public" | "private" | "max-age" | "s-maxage"
        );
    }
}

/// The parts between commas, but not between those in a quoted value.
fn directives(line: &str) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    line.split(move |c| {
        quoted ^= c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
        c == ',' && !quoted
    })
}

fn split(directive: &str) -> (&str, Option<&str>) {
    match directive.split_once('=') {
        Some((name, value)) => (name.trim(), Some(value.trim())),
        None => (directive.trim(), None),
    }
}

fn is_integer(value: &str) -> bool {
    let value = value.trim_matches('"');
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// A lifetime above zero, anywhere in the line.
fn lifetime(line: &str) -> Option<&'static str> {
    let is_positive = |(at, name): (usize, &str)| {
        let value = line
            .get(at + name.len()..)
            .and_then(|rest| rest.trim_start().strip_prefix('='));
        value.is_some_and(|value| is_positive(value.split([',', ';']).next().unwrap_or_default()))
    };
    LIFETIMES
        .into_iter()
        .find(|name| line.match_indices(name).any(is_positive))
}

/// More than zero, or not clearly zero or less.
fn is_positive(value: &str) -> bool {
    let value = value.trim_matches(|c: char| c.is_whitespace() || c == '"');
    !value.starts_with('-') && value.contains(|c| matches!(c, '1'..='9'))
}

/// Whether `Expires`, if there is one, is in the future according to the slower clock: the server's own, or the
/// one that wrote `Date`. A cache that counts whole seconds replays a page within the second in which it expires.
pub(super) fn expires(headers: &HeaderMap, now: SystemTime) -> Option<bool> {
    let dates = headers.get_all(DATE).iter().filter_map(date);
    let start = dates.fold(now, SystemTime::min);
    let values = headers.get_all(EXPIRES).iter();
    values
        .map(|value| is_in_future(value, start))
        .reduce(|a, b| a || b)
}

/// Servers write a number or nothing for "in the past". Anything else that is not a date may be in the future.
fn is_in_future(expires: &HeaderValue, start: SystemTime) -> bool {
    if let Some(expires) = date(expires) {
        let late = start.duration_since(expires);
        return late.map_or(true, |late| late.as_secs() == 0);
    }
    let value = expires.to_str().unwrap_or("?").trim();
    !value.is_empty() && value.parse::<i64>().is_err()
}

fn date(value: &HeaderValue) -> Option<SystemTime> {
    httpdate::parse_http_date(value.to_str().ok()?.trim()).ok()
}

/// Whether a header addresses one cache, or one kind of cache, in place of `Cache-Control`:
///
/// | header | read by |
/// | --- | --- |
/// | `CDN-Cache-Control` and every other `…-Cache-Control` ([RFC 9213]) | CDNs; `X-LiteSpeed-Cache-Control` LiteSpeed |
/// | [`Surrogate-Control`] | Fastly, Varnish, Squid, Symfony |
/// | [`Edge-Control`] | Akamai |
/// | [`X-Accel-Expires`] | nginx |
/// | [`X-Reverse-Proxy-TTL`] | Varnish and nginx, set up for `FOSHttpCache` |
///
/// [RFC 9213]: https://www.rfc-editor.org/rfc/rfc9213
/// [`Surrogate-Control`]: https://www.w3.org/TR/edge-arch/
/// [`Edge-Control`]: https://http.dev/edge-control
/// [`X-Accel-Expires`]: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_valid
/// [`X-Reverse-Proxy-TTL`]: https://foshttpcache.readthedocs.io/en/latest/varnish-configuration.html
pub(super) fn is_targeted(field: &HeaderName) -> bool {
    let field = field.as_str();
    field.ends_with("-cache-control")
        || field.ends_with("surrogate-control")
        || field == "edge-control"
        || is_number(field)
}

/// Whether the value is nothing but a lifetime.
fn is_number(field: &str) -> bool {
    matches!(field, "x-accel-expires" | "x-reverse-proxy-ttl")
}

/// Whether the header replaces `Cache-Control` without setting a lifetime, so that the cache's own lifetime
/// counts. The only word that Varnish looks for in `Surrogate-Control` is `no-store`.
pub(super) fn replaces_cache_control(field: &HeaderName, control: &CacheControl) -> bool {
    let field = field.as_str();
    if field.ends_with("surrogate-control") {
        !control.no_store
    } else {
        !is_number(field) && !control.decides
    }
}

/// Keeps all caches from storing a response. Fastly honours only `private`.
pub(in crate::layer) fn forbid(headers: &mut HeaderMap) {
    let targeted = headers.keys().filter(|field| is_targeted(field));
    let targeted: Vec<HeaderName> = targeted.cloned().collect();
    for field in targeted
        .iter()
        .chain(&[AGE, ETAG, EXPIRES, LAST_MODIFIED, PRAGMA])
    {
        headers.remove(field);
    }
    let value = HeaderValue::from_static("private, no-store");
    headers.insert(CACHE_CONTROL, value);
}

/// Keeps a response from shared caches that have their own lifetime for responses without one: nginx
/// (`proxy_cache_valid`), Varnish (two minutes), Fastly (an hour, in spite of `no-store`).
///
/// `private` comes first, so that no unclosed quote of another directive can hide it.
pub(in crate::layer) fn make_private(headers: &mut HeaderMap) {
    const PRIVATE: HeaderValue = HeaderValue::from_static("private");
    if let Entry::Vacant(entry) = headers.entry(CACHE_CONTROL) {
        entry.insert(PRIVATE);
        return;
    }
    let lines: Vec<_> = headers.get_all(CACHE_CONTROL).iter().cloned().collect();
    let lines = lines
        .iter()
        .map(|line| String::from_utf8_lossy(line.as_bytes()));
    let said = lines.collect::<Vec<_>>().join(", ");
    if directives(&said).any(|it| it.trim().eq_ignore_ascii_case("private")) {
        return;
    }
    let kept = directives(&said).map(str::trim);
    let kept = kept.filter(|it| !it.is_empty() && !it.eq_ignore_ascii_case("public"));
    let words: Vec<_> = std::iter::once("private").chain(kept).collect();
    let value = HeaderValue::try_from(words.join(", "));
    headers.insert(CACHE_CONTROL, value.unwrap_or(PRIVATE));
}
