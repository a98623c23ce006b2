use std::time::SystemTime;

use http::header::{DATE, EXPIRES};
use http::{HeaderMap, HeaderValue};

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
