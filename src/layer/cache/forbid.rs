use http::header::{AGE, CACHE_CONTROL, ETAG, EXPIRES, LAST_MODIFIED, PRAGMA};
use http::{HeaderMap, HeaderName, HeaderValue};

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
