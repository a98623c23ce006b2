use std::time::SystemTime;

use http::header::{DATE, EXPIRES};
use http::{HeaderMap, HeaderValue};

/// Whether `Expires`, if there is one, is still to come, by the clock that is slowest of all: the
/// server's own, or the one that wrote `Date`. A cache that counts whole seconds replays a page in the
/// second in which it expires.
pub(super) fn expires(headers: &HeaderMap, now: SystemTime) -> Option<bool> {
    let dates = headers.get_all(DATE).iter().filter_map(date);
    let start = dates.fold(now, SystemTime::min);
    let values = headers.get_all(EXPIRES).iter();
    values
        .map(|value| is_to_come(value, start))
        .reduce(|a, b| a || b)
}

/// A number or nothing is how servers say "in the past"; anything else that is no date is in doubt.
fn is_to_come(expires: &HeaderValue, start: SystemTime) -> bool {
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
