//! The URLs that a trace may be sent to.
//!
//! Clients read unusual URLs differently: one of them sends a request for `https://a\@b/` to `a`, another one to `b`.
//! Text that clients could read in two ways is not a URL here, so nothing is sent there.

use std::borrow::Cow;
use std::fmt;
use std::net::Ipv6Addr;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// Addresses that a trace may go to.
///
/// | made from | addresses |
/// | --- | --- |
/// | a text with a scheme, `https://api.example.com/v1` | those of this origin whose path is `/v1` or lies below it, such as `/v1/users` |
/// | any other text, `api.example.com` | those that contain it anywhere: `https://evil.example/?api.example.com`, too |
/// | a predicate, [`matching`](Self::matching) | those that it accepts |
///
/// Origins and paths are compared as URLs: the case of scheme and host, a default port, user information,
/// `..`, and how a character is percent-encoded make no difference; query and fragment of a target do not
/// count. An address that clients could read in two ways, such as one with a backslash, white space or two
/// `@`, has no origin. Neither has a text that is no URL, such as `https://*.example.com`: it matches no address.
/// Give an international domain name as clients send it, in its `xn--` form.
///
/// ```
/// use sentry_ssr::{PropagationTarget, RootSpan, TraceOptions, TransactionName};
///
/// let options = TraceOptions::new().trace_propagation_targets([
///     PropagationTarget::from("https://api.example.com/"),
///     PropagationTarget::matching(|url| url.ends_with("/internal")),
/// ]);
/// let span = RootSpan::start(&options, None, &TransactionName::route("GET", "/"));
/// assert!(span.outgoing_to("https://api.example.com/users").is_some());
/// assert!(span.outgoing_to("https://elsewhere.example/").is_none());
/// ```
///
/// Source: <https://develop.sentry.dev/sdk/foundations/trace-propagation/#tracepropagationtargets>
#[derive(Clone)]
#[must_use]
pub struct PropagationTarget(Rule);

#[derive(Clone)]
enum Rule {
    /// Nothing, if the text is no URL.
    Below(Option<UrlPrefix>),
    Contains(String),
    Matching(Arc<dyn Fn(&str) -> bool + Send + Sync>),
}

impl Rule {
    fn of(text: &str) -> Self {
        if UrlPrefix::is_meant_by(text) {
            Self::Below(UrlPrefix::parse(text))
        } else {
            Self::Contains(text.to_owned())
        }
    }
}

// A predicate that panics leaves none of our state half-changed.
impl UnwindSafe for PropagationTarget {}
impl RefUnwindSafe for PropagationTarget {}

impl PropagationTarget {
    /// The addresses that a predicate accepts.
    pub fn matching(predicate: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self(Rule::Matching(Arc::new(predicate)))
    }

    fn includes(&self, url: &str) -> bool {
        match &self.0 {
            Rule::Below(prefix) => prefix.as_ref().is_some_and(|it| it.includes(url)),
            Rule::Contains(text) => url.contains(text),
            Rule::Matching(predicate) => predicate(url),
        }
    }
}

impl From<&str> for PropagationTarget {
    fn from(text: &str) -> Self {
        Self(Rule::of(text))
    }
}

impl From<String> for PropagationTarget {
    fn from(text: String) -> Self {
        Self(Rule::of(&text))
    }
}

impl fmt::Debug for PropagationTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Rule::Below(prefix) => write!(f, "Below({prefix:?})"),
            Rule::Contains(text) => write!(f, "Contains({text:?})"),
            Rule::Matching(_) => f.write_str("Matching(…)"),
        }
    }
}

/// All addresses, unless some are named.
#[derive(Debug, Clone, Default)]
pub(crate) struct PropagationTargets(Option<Arc<[PropagationTarget]>>);

impl PropagationTargets {
    pub(crate) fn only(targets: impl IntoIterator<Item = PropagationTarget>) -> Self {
        Self(Some(targets.into_iter().collect()))
    }

    pub(crate) fn include(&self, url: &str) -> bool {
        self.0
            .as_ref()
            .is_none_or(|targets| targets.iter().any(|target| target.includes(url)))
    }
}

/// An origin, and the path that a URL must start with.
#[derive(Debug, Clone)]
struct UrlPrefix {
    origin: Origin<String>,
    path: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Origin<S> {
    scheme: S,
    host: S,
    port: Option<u16>,
}

/// A URL without the parts that do not affect matching: user information, query, fragment.
struct Url<'a> {
    origin: Origin<Cow<'a, str>>,
    path: &'a str,
}

impl UrlPrefix {
    /// Whether a text has a scheme, and so is a URL.
    pub(crate) fn is_meant_by(text: &str) -> bool {
        split_scheme(text).is_some()
    }

    /// `None` if the text is not a URL.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let Url { origin, path } = Url::parse(text)?;
        Some(Self {
            origin: Origin {
                scheme: origin.scheme.into_owned(),
                host: origin.host.into_owned(),
                port: origin.port,
            },
            path: normal_path(path),
        })
    }

    /// Whether a URL has this origin and its path is this one or lies below it.
    pub(crate) fn includes(&self, url: &str) -> bool {
        Url::parse(url).is_some_and(|url| self.has_origin(&url.origin) && self.has_path(url.path))
    }

    fn has_origin(&self, other: &Origin<Cow<'_, str>>) -> bool {
        let Origin { scheme, host, port } = &self.origin;
        *scheme == other.scheme && *host == other.host && *port == other.port
    }

    /// `/a` includes `/a` and `/a/b`, but not `/ab`.
    fn has_path(&self, path: &str) -> bool {
        let path = normal_path(path);
        let rest = path.strip_prefix(&self.path);
        rest.is_some_and(|rest| {
            rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/')
        })
    }
}

impl<'a> Url<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        if text.chars().any(is_ambiguous) {
            return None;
        }
        let (scheme, rest) = split_scheme(text)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at_checked(end)?;
        let scheme = lower(scheme);
        let (host, port) = host_and_port(authority)?;
        let port = port.or_else(|| default_port(&scheme));
        Some(Self {
            origin: Origin { scheme, host, port },
            path: rest.split(['?', '#']).next()?,
        })
    }
}

/// Characters that some clients drop from a URL and others keep; and the backslash, which some clients read as a
/// slash.
fn is_ambiguous(c: char) -> bool {
    c == '\\' || c.is_control() || c.is_whitespace()
}

fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let is_scheme =
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.bytes().all(is_part);
    is_scheme.then_some((scheme, rest))
}

fn host_and_port(authority: &str) -> Option<(Cow<'_, str>, Option<u16>)> {
    let host = match authority.split_once('@') {
        Some((_user, host)) => host,
        None => authority,
    };
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (host, ""),
    };
    let port = match port {
        "" => None,
        digits => Some(parse_port(digits)?),
    };
    Some((normal_host(host)?, port))
}

fn parse_port(digits: &str) -> Option<u16> {
    let is_number = digits.bytes().all(|digit| digit.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

fn normal_host(host: &str) -> Option<Cow<'_, str>> {
    if let Some(address) = host.strip_prefix('[') {
        let address: Ipv6Addr = address.strip_suffix(']')?.parse().ok()?;
        return Some(Cow::Owned(address.to_string()));
    }
    // A name that is not ASCII is compared as it is written.
    let is_part =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_') || !c.is_ascii();
    (!host.is_empty() && host.chars().all(is_part)).then(|| lower(host))
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

/// The path that a server receives: dot segments are resolved, and each character has one spelling.
fn normal_path(path: &str) -> String {
    let mut segments = Vec::new();
    let mut ends_in_dots = true;
    for segment in path.split('/').skip(1).map(normal_segment) {
        ends_in_dots = matches!(&*segment, "." | "..");
        match &*segment {
            "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(segment),
        }
    }
    if ends_in_dots {
        segments.push(String::new());
    }
    format!("/{}", segments.join("/"))
}

fn normal_segment(segment: &str) -> String {
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    let decoded: Vec<u8> = percent_decode_str(segment).collect();
    percent_encode(&decoded, RESERVED).to_string()
}
