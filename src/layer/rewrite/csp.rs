//! What a page's Content Security Policy allows.

use http::HeaderMap;
use http::header::CONTENT_SECURITY_POLICY;

/// The nonce with which the response's own policy allows a script.
pub(super) fn script_nonce(headers: &HeaderMap) -> Option<String> {
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
