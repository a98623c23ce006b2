use sentry::protocol::Request;
use sentry::utils::is_sensitive_header;

use super::RequestFacts;

/// The request as an event shows it. Headers that the SDK deems sensitive, and the query, which may
/// hold anything, are shown only where `send_default_pii` allows it.
pub(super) fn of(facts: &dyn RequestFacts, send_default_pii: bool) -> Request {
    Request {
        method: Some(facts.method().to_owned()),
        url: facts.url().and_then(|url| url.parse().ok()),
        query_string: facts.query().filter(|_| send_default_pii).map(Into::into),
        headers: facts
            .headers()
            .into_iter()
            .filter(|(name, _)| send_default_pii || !is_sensitive_header(name))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        ..Request::default()
    }
}
