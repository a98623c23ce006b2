//! What the HTTP transports share: Sentry's ingestion endpoint, its responses, and when an envelope is sent again.
//!
//! These transports add the `trace` header at the last moment: after the SDK's own queue and rate limiter, which need
//! to see the items, and before the response is interpreted by the SDK's rules.
//!
//! The endpoint closes idle connections, and is restarted at times. Two rules keep envelopes from being lost because
//! of that, and from being sent twice if they may have been received:
//!
//! 1. A connection that was closed is not used, nor one that was idle for longer than [`MAX_IDLE`].
//! 2. If the connection is reset before the response arrives, the envelope is sent once more: a reset means that
//!    the endpoint did not read all of it. If the connection ends in another way, the envelope is lost, and
//!    reported as lost.

use std::error::Error;
use std::time::Duration;
use std::{io, iter};

use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderName, StatusCode};
use sentry::TransportOptions;
use sentry::client_report::Reason;
use sentry::transports::RateLimiter;

/// How long a connection is kept for the next envelope: less than the five seconds after which Relay and
/// many servers close it.
pub(super) const MAX_IDLE: Duration = Duration::from_secs(4);

/// Where envelopes go, and the credentials.
pub(super) struct Endpoint {
    pub(super) url: String,
    /// The value of `X-Sentry-Auth`.
    pub(super) auth: String,
}

impl Endpoint {
    pub(super) fn of(options: &TransportOptions) -> Self {
        let auth = options.dsn.to_auth(Some(&options.user_agent));
        Self {
            url: options.dsn.envelope_api_url().to_string(),
            auth: auth.to_string(),
        }
    }
}

/// Sentry's response to an envelope.
///
/// Source: <https://develop.sentry.dev/sdk/foundations/transport/rate-limiting/>
pub(super) struct IngestResponse<'a> {
    status: u16,
    /// `X-Sentry-Rate-Limits`
    rate_limits: Option<&'a str>,
    /// `Retry-After`
    retry_after: Option<&'a str>,
}

const TOO_MANY_REQUESTS: u16 = 429;

impl<'a> IngestResponse<'a> {
    pub(super) fn of(status: StatusCode, headers: &'a HeaderMap) -> Self {
        let text = |name| headers.get(name)?.to_str().ok();
        Self {
            status: status.as_u16(),
            rate_limits: text(HeaderName::from_static("x-sentry-rate-limits")),
            retry_after: text(RETRY_AFTER),
        }
    }

    /// Applies the rate limits of the response.
    pub(super) fn limit(&self, limiter: &mut RateLimiter) {
        match (self.rate_limits, self.retry_after) {
            (Some(limits), _) => limiter.update_from_sentry_header(limits),
            (None, Some(retry_after)) => limiter.update_from_retry_after(retry_after),
            (None, None) if self.status == TOO_MANY_REQUESTS => limiter.update_from_429(),
            _ => {}
        }
    }

    /// Why the envelope was lost; `None` if Sentry has accepted it, or counts it as rate-limited itself.
    pub(super) fn loss(&self) -> Option<Reason> {
        let is_error = (400..=599).contains(&self.status) && self.status != TOO_MANY_REQUESTS;
        is_error.then_some(Reason::SendError)
    }
}

/// Whether an error says that the other side has closed the connection.
pub(super) fn is_reset(error: &(dyn Error + 'static)) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};

    iter::successors(Some(error), |error| (*error).source())
        .filter_map(|error| error.downcast_ref::<io::Error>())
        .any(|error| {
            matches!(
                error.kind(),
                BrokenPipe | ConnectionAborted | ConnectionReset
            )
        })
}
