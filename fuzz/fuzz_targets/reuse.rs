//! A response's status in its first three bytes, then its headers, one a line.
#![no_main]

#[path = "../input.rs"]
mod input;

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use input::header;
use libfuzzer_sys::fuzz_target;
use sentry_ssr::__private::CacheRules;

const NOW: Duration = Duration::from_secs(1_700_000_000);

fuzz_target!(|input: &[u8]| {
    let Some((status, lines)) = input.split_at_checked(3) else {
        return;
    };
    let status = StatusCode::from_bytes(status).unwrap_or(StatusCode::OK);
    let now = SystemTime::UNIX_EPOCH + NOW;
    let mut headers = HeaderMap::new();
    let mut louder = HeaderMap::new();
    for line in lines.split(|byte| *byte == b'\n') {
        if let Some((name, value)) = header(line) {
            louder.append(name.clone(), in_upper_case(&name, &value));
            headers.append(name, value);
        }
    }
    let reuse = CacheRules::of(status, &headers, now);
    assert_eq!(
        CacheRules::of(status, &louder, now),
        reuse,
        "directives in upper case"
    );
    headers.insert("x-other", HeaderValue::from_static("no-store"));
    assert_eq!(
        CacheRules::of(status, &headers, now),
        reuse,
        "a header of no meaning"
    );
});

fn in_upper_case(name: &HeaderName, value: &HeaderValue) -> HeaderValue {
    if name.as_str().ends_with("-control") {
        HeaderValue::from_bytes(&value.as_bytes().to_ascii_uppercase()).unwrap_or(value.clone())
    } else {
        value.clone()
    }
}
