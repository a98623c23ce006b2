//! What the directives of `Cache-Control`, and of the headers modelled on it, say about reuse.

use http::{HeaderMap, HeaderName};

use super::targeted::is_number;

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
    /// Some directive permits to store the response.
    pub(super) permits: bool,
    /// Some directive says how long to keep the response, or not to.
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

    /// `bypass-cache` is Akamai's second word for `no-store`, and neither keeps it from telling the
    /// browser a lifetime.
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
pub(super) fn directives(line: &str) -> impl Iterator<Item = &str> {
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

/// A lifetime above zero wherever it stands in the line.
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
