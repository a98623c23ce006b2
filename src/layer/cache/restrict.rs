//! Headers that keep a response from caches.

use http::header::{AGE, CACHE_CONTROL, ETAG, EXPIRES, Entry, LAST_MODIFIED, PRAGMA};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::cache_control::directives;
use super::targeted::is_targeted;

/// Makes a response one that no cache may store. Fastly looks for no other word than `private`.
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

/// Keeps a response from shared caches that have a lifetime of their own for what says nothing: nginx
/// (`proxy_cache_valid`), Varnish (two minutes), Fastly (an hour, in spite of `no-store`).
///
/// `private` comes first, where no unclosed quote of another directive can hide it.
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
