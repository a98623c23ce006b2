//! Whether a page's Content Security Policies allow an inline script.
//!
//! Source: [CSP, 6.7.3.3](https://www.w3.org/TR/CSP3/#match-element-to-source-list).

use std::borrow::Cow;

use http::HeaderMap;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY_REPORT_ONLY};

use super::encoding::metas;

/// Longer nonces count as none.
pub(super) const MAX_NONCE_LEN: usize = 256;

/// What all policies of a page together say about an inline script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum InlineScript {
    Allowed,
    /// With one of these nonces.
    WithNonce(Vec<String>),
    /// It would be blocked, or reported at each visit.
    Blocked,
}

impl InlineScript {
    /// The policies in the headers, including those that only report.
    pub(super) fn of_headers(headers: &HeaderMap) -> Self {
        let enforced = headers.get_all(CONTENT_SECURITY_POLICY);
        let reported = headers.get_all(CONTENT_SECURITY_POLICY_REPORT_ONLY);
        let lines = enforced.iter().chain(reported.iter());
        let lines = lines.map(|line| String::from_utf8_lossy(line.as_bytes()));
        lines.fold(Self::Allowed, |all, line| {
            line.split(',').map(Self::of_policy).fold(all, Self::and)
        })
    }

    /// These, and the policies in the `<meta>` elements at the start of a page.
    pub(super) fn and_page(self, beginning: &[u8]) -> Self {
        let policies = metas(beginning).filter_map(|meta| {
            let name = meta.get("http-equiv")?;
            name.eq_ignore_ascii_case(b"content-security-policy")
                .then(|| text(meta.get("content").unwrap_or_default()))
        });
        policies.fold(self, |all, policy| all.and(Self::of_policy(&policy)))
    }

    fn of_policy(policy: &str) -> Self {
        let names = ["script-src-elem", "script-src", "default-src"];
        match names.iter().find_map(|name| directive(policy, name)) {
            Some(sources) => Self::of_sources(&sources),
            None => Self::Allowed,
        }
    }

    fn of_sources(sources: &[&str]) -> Self {
        let nonces: Vec<_> = sources.iter().filter_map(|it| nonce(it)).collect();
        let is = |word: &str| sources.iter().any(|it| it.eq_ignore_ascii_case(word));
        let is_hash = |it: &&str| {
            it.get(..4)
                .is_some_and(|it| it.eq_ignore_ascii_case("'sha"))
        };
        let is_strict = is("'strict-dynamic'") || sources.iter().any(is_hash);
        if !nonces.is_empty() {
            Self::WithNonce(nonces)
        } else if is("'unsafe-inline'") && !is_strict {
            Self::Allowed
        } else {
            Self::Blocked
        }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Allowed, it) | (it, Self::Allowed) => it,
            (Self::WithNonce(mut nonces), Self::WithNonce(others)) => {
                nonces.retain(|nonce| others.contains(nonce));
                if nonces.is_empty() {
                    Self::Blocked
                } else {
                    Self::WithNonce(nonces)
                }
            }
            _ => Self::Blocked,
        }
    }
}

/// The sources of a policy's first directive of this name.
fn directive<'a>(policy: &'a str, name: &str) -> Option<Vec<&'a str>> {
    let directives = policy.split(';').map(str::split_ascii_whitespace);
    directives.into_iter().find_map(|mut words| {
        let is_it = words.next()?.eq_ignore_ascii_case(name);
        is_it.then(|| words.collect())
    })
}

fn nonce(source: &str) -> Option<String> {
    let (name, nonce) = source.strip_suffix('\'')?.split_at_checked(7)?;
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(&byte);
    let is_nonce = name.eq_ignore_ascii_case("'nonce-")
        && (1..=MAX_NONCE_LEN).contains(&nonce.len())
        && nonce.bytes().all(is_base64);
    is_nonce.then(|| nonce.to_owned())
}

/// An attribute's value without its character references.
fn text(value: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(value) {
        Cow::Borrowed(text) => html_escape::decode_html_entities(text),
        Cow::Owned(text) => html_escape::decode_html_entities(&text).into_owned().into(),
    }
}
