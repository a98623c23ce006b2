//! Sentry's side of the connection.

use sentry::TransportOptions;
use sentry::client_report::Reason;
use sentry::transports::RateLimiter;

/// Where envelopes go, and the credentials.
pub(super) struct Recipient {
    pub(super) url: String,
    /// The value of `X-Sentry-Auth`.
    pub(super) auth: String,
}

impl Recipient {
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
pub(super) struct Answer<'a> {
    pub(super) status: u16,
    /// `X-Sentry-Rate-Limits`
    pub(super) rate_limits: Option<&'a str>,
    /// `Retry-After`
    pub(super) retry_after: Option<&'a str>,
}

const TOO_MANY_REQUESTS: u16 = 429;

impl Answer<'_> {
    /// Applies the rate limits of the response.
    pub(super) fn limit(&self, limiter: &mut RateLimiter) {
        match (self.rate_limits, self.retry_after) {
            (Some(limits), _) => limiter.update_from_sentry_header(limits),
            (None, Some(retry_after)) => limiter.update_from_retry_after(retry_after),
            (None, None) if self.status == TOO_MANY_REQUESTS => limiter.update_from_429(),
            _ => {}
        }
    }

    /// Why the envelope was lost; `None` where Sentry has accepted it, or counts it as rate-limited itself.
    pub(super) fn loss(&self) -> Option<Reason> {
        let is_error = (400..=599).contains(&self.status) && self.status != TOO_MANY_REQUESTS;
        is_error.then_some(Reason::SendError)
    }
}
