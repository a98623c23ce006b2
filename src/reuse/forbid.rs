use http::header::{AGE, CACHE_CONTROL, ETAG, EXPIRES, LAST_MODIFIED, PRAGMA};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::targeted::is_targeted;

/// Makes a response one that no cache may keep: [`Verdict::NeverReused`](super::Verdict::NeverReused).
pub(crate) fn forbid(headers: &mut HeaderMap) {
    let targeted = headers.keys().filter(|field| is_targeted(field));
    let targeted: Vec<HeaderName> = targeted.cloned().collect();
    for field in targeted
        .iter()
        .chain(&[AGE, ETAG, EXPIRES, LAST_MODIFIED, PRAGMA])
    {
        headers.remove(field);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
}
