use std::time::SystemTime;

use bytes::Bytes;
use http::header::CONTENT_SECURITY_POLICY;
use http::{HeaderMap, response};

use super::visit::Visit;
use crate::inject::{StaleGuard, Syntax};

impl Visit {
    /// The tags as a template prints them.
    pub(super) fn printed_tags(&self) -> Bytes {
        self.span.meta_tags().to_string().into()
    }

    /// The tags in the page's syntax, with the guard behind them where it is asked for.
    pub(super) fn tags_to_put_in(&self, syntax: Syntax, head: &response::Parts) -> Bytes {
        let mut tags = self.span.meta_tags().to_string();
        if syntax == Syntax::Xml {
            // No value can hold these two characters: they are escaped there.
            tags = tags.replace("\">", "\"/>");
        }
        if let Some(guard) = self.guard(head) {
            tags.push_str(&guard.to_string());
        }
        tags.into()
    }

    /// The guard, where it is asked for, with the page's own nonce.
    pub(super) fn guard(&self, head: &response::Parts) -> Option<StaleGuard> {
        let guard = StaleGuard::new(self.options.stale_after?, SystemTime::now());
        Some(match script_nonce(&head.headers) {
            Some(nonce) => guard.nonce(nonce),
            None => guard,
        })
    }
}

/// The nonce by which the response's own policy lets a script run.
fn script_nonce(headers: &HeaderMap) -> Option<String> {
    let policies = headers.get_all(CONTENT_SECURITY_POLICY).iter();
    let mut policies = policies.filter_map(|policy| policy.to_str().ok());
    policies.find_map(|policy| {
        ["script-src-elem", "script-src", "default-src"]
            .into_iter()
            .find_map(|name| nonce_of(policy, name))
    })
}

fn nonce_of(policy: &str, name: &str) -> Option<String> {
    let directives = policy.split([';', ',']).map(str::split_ascii_whitespace);
    let mut sources = directives
        .filter_map(|mut words| Some((words.next()?, words)))
        .find_map(|(found, words)| found.eq_ignore_ascii_case(name).then_some(words))?;
    let nonce = sources.find_map(|source| source.strip_prefix("'nonce-")?.strip_suffix('\''))?;
    Some(nonce.to_owned())
}
