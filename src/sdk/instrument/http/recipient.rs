use sentry::TransportOptions;

/// Where envelopes go, and in whose name.
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
