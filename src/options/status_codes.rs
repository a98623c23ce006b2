use std::ops::RangeInclusive;
use std::sync::Arc;

use http::StatusCode;

/// One HTTP status or an inclusive range of them, for
/// [`trace_ignore_status_codes`](crate::TraceOptions::trace_ignore_status_codes).
///
/// ```
/// use sentry_ssr::{StatusCodes, TraceOptions};
///
/// let codes = [StatusCodes::from(404), StatusCodes::from(300..=399)];
/// let options = TraceOptions::new().trace_ignore_status_codes(codes);
/// # let _ = options;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusCodes {
    first: u16,
    last: u16,
}

impl From<u16> for StatusCodes {
    fn from(code: u16) -> Self {
        Self::from(code..=code)
    }
}

impl From<StatusCode> for StatusCodes {
    fn from(code: StatusCode) -> Self {
        Self::from(code.as_u16())
    }
}

impl From<RangeInclusive<u16>> for StatusCodes {
    fn from(codes: RangeInclusive<u16>) -> Self {
        Self {
            first: *codes.start(),
            last: *codes.end(),
        }
    }
}

/// The statuses whose transactions are not sent. A clone shares the list.
#[derive(Debug, Clone, Default)]
pub(crate) struct IgnoredStatusCodes(Option<Arc<[StatusCodes]>>);

impl FromIterator<StatusCodes> for IgnoredStatusCodes {
    fn from_iter<I: IntoIterator<Item = StatusCodes>>(codes: I) -> Self {
        Self(Some(codes.into_iter().collect()))
    }
}

impl IgnoredStatusCodes {
    pub(crate) fn contain(&self, status: u16) -> bool {
        let mut codes = self.0.iter().flat_map(|codes| codes.iter());
        codes.any(|codes| (codes.first..=codes.last).contains(&status))
    }
}
