use sentry::protocol::Request;

use super::{RequestFacts, sensitive};

/// The request as an event shows it. What tells about a person, and the query, which may hold anything,
/// is shown only where `send_default_pii` allows it.
pub(super) fn of(facts: &dyn RequestFacts, send_default_pii: bool) -> Request {
    Request {
        method: Some(facts.method().to_owned()),
        url: facts.url().and_then(|url| url.parse().ok()),
        query_string: facts.query().filter(|_| send_default_pii).map(Into::into),
        headers: facts
            .headers()
            .into_iter()
            .map(|(name, value)| {
                let shown = match send_default_pii {
                    true => value.into(),
                    false => sensitive::shown(name, value),
                };
                (name.to_owned(), shown.into_owned())
            })
            .collect(),
        ..Request::default()
    }
}
