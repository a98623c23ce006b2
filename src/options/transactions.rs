//! Which requests make no transaction: `OPTIONS` requests, speculative ones if they are ignored, and those whose
//! response has an ignored status.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use http::{Method, StatusCode};

use super::TraceOptions;
use crate::request::RequestInfo;

impl TraceOptions {
    /// Whether `OPTIONS` requests make transactions. By default they do not: they take part in a trace, so
    /// that their errors belong to it, but nothing about their timing is sent.
    pub fn trace_options_requests(self, trace: bool) -> Self {
        Self {
            trace_options_requests: trace,
            ..self
        }
    }

    /// Whether speculative requests make no transactions: requests with which a browser or a script prefetches or
    /// prerenders a page (`Sec-Purpose: prefetch`). By default they make one, with the purpose in its data as
    /// `http.request.header.sec-purpose`.
    ///
    /// The sampling decision of such a trace, unless the caller has made it, is deferred to the browser, which makes it
    /// when the page is shown.
    pub fn ignore_speculative_requests(self, ignore: bool) -> Self {
        Self {
            ignore_speculative_requests: ignore,
            ..self
        }
    }

    /// The response statuses whose transactions are not sent; none by default. Errors are still reported, as
    /// part of their trace. A span that was adopted is sent all the same, by the code that started it.
    ///
    /// ```
    /// use sentry_ssr::TraceOptions;
    ///
    /// let options = TraceOptions::new().trace_ignore_status_codes([404, 405]);
    /// let options = TraceOptions::new().trace_ignore_status_codes([300..=399, 404..=404]);
    /// # let _ = options;
    /// ```
    pub fn trace_ignore_status_codes<T>(self, codes: impl IntoIterator<Item = T>) -> Self
    where
        T: Into<StatusCodes>,
    {
        Self {
            ignored_status_codes: codes.into_iter().map(Into::into).collect(),
            ..self
        }
    }

    /// Whether a transaction is made for this request.
    pub(crate) fn makes_transaction(&self, request: Option<RequestInfo<'_>>) -> bool {
        request.is_none_or(|request| {
            let is_options_request = request.method == Method::OPTIONS;
            let is_ignored = self.ignore_speculative_requests && request.speculation().is_some();
            !is_ignored && (self.trace_options_requests || !is_options_request)
        })
    }
}

/// One HTTP status or a range of them, for
/// [`trace_ignore_status_codes`](crate::TraceOptions::trace_ignore_status_codes). A range whose end is before its start
/// contains no status.
///
/// ```
/// use sentry_ssr::{StatusCodes, TraceOptions};
///
/// let codes = [StatusCodes::from(404), StatusCodes::from(300..=399), StatusCodes::from(500..600)];
/// let options = TraceOptions::new().trace_ignore_status_codes(codes);
/// # let _ = options;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use]
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

impl From<Range<u16>> for StatusCodes {
    fn from(codes: Range<u16>) -> Self {
        match codes.end.checked_sub(1) {
            Some(last) => Self::from(codes.start..=last),
            // Nothing is below 0.
            None => Self { first: 1, last: 0 },
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
