//! Which request headers hold secrets or identify a person: they are reported as `[Filtered]` unless
//! `send_default_pii` allows more.
//!
//! Source: <https://develop.sentry.dev/sdk/foundations/client/data-collection/#sensitive-denylist>

use std::borrow::Cow;

use memchr::{memchr, memchr2, memchr3};

use crate::propagation::{BAGGAGE, Baggage};

/// What replaces a value.
const FILTERED: &str = "[Filtered]";

/// A header is sensitive if its name contains one of these.
static TERMS: Terms<47> = Terms::of([
    // Secrets, as the specification lists them.
    "auth",
    "token",
    "secret",
    "password",
    "passwd",
    "pwd",
    "key",
    "jwt",
    "bearer",
    "sso",
    "saml",
    "csrf",
    "xsrf",
    "credentials",
    "session",
    "sid",
    "identity",
    "cookie",
    // Its extended list, of headers that identify a person.
    "forwarded",
    "-ip",
    "remote-",
    "via",
    "-user",
    // Of the same kind: addresses of clients, users that have logged in at a proxy, other headers with secrets.
    "_ip",
    "remote_",
    "_user",
    "addr",
    "clientip",
    "socketip",
    "realip",
    "userip",
    "cert",
    "email",
    "from",
    "oidc",
    "phone",
    "principal",
    "credential",
    "dpop",
    "otp",
    "passphrase",
    "websocket-protocol",
    // The query of the URL.
    "args",
    "query",
    // Data that other vendors attach to a trace.
    "baggage",
    "correlation-context",
    "datadog-tags",
]);

/// A header holds a URL, even if that has no slash, if its name contains one of these.
static URLS: Terms<6> = Terms::of(["link", "location", "path", "refer", "uri", "url"]);

/// Texts of two bytes or more, to look for all at once.
struct Terms<const N: usize> {
    terms: [&'static str; N],
    /// For each byte, the terms with it in the first and in the second position, one bit per term. Hardly any pair of
    /// bytes starts one.
    with_byte: [[u64; 256]; 2],
}

impl<const N: usize> Terms<N> {
    #[expect(clippy::indexing_slicing, reason = "done by the compiler")]
    const fn of(terms: [&'static str; N]) -> Self {
        let mut with_byte = [[0; 256]; 2];
        let mut at = 0;
        while at < N {
            let term = terms[at].as_bytes();
            with_byte[0][term[0] as usize] |= 1 << at;
            with_byte[1][term[1] as usize] |= 1 << at;
            at += 1;
        }
        Self { terms, with_byte }
    }

    /// Whether a name in lower case contains one of them.
    fn any_in(&self, name: &str) -> bool {
        let name = name.as_bytes();
        let mut pairs = name.windows(2).enumerate();
        pairs.any(|(at, pair)| match self.beginning_with(pair) {
            0 => false,
            candidates => name
                .get(at..)
                .is_some_and(|rest| self.any_of(candidates, rest)),
        })
    }

    /// The terms that start with these two bytes.
    fn beginning_with(&self, pair: &[u8]) -> u64 {
        let [first, second] = &self.with_byte;
        match pair {
            [one, two] => {
                let (first, second) = (first.get(usize::from(*one)), second.get(usize::from(*two)));
                first
                    .zip(second)
                    .map_or(0, |(first, second)| first & second)
            }
            _ => 0,
        }
    }

    /// Whether a text starts with one of these terms.
    fn any_of(&self, mut candidates: u64, text: &[u8]) -> bool {
        while candidates != 0 {
            let term = self.terms.get(candidates.trailing_zeros() as usize);
            if term.is_some_and(|term| text.starts_with(term.as_bytes())) {
                return true;
            }
            candidates &= candidates - 1;
        }
        false
    }
}

/// What is shown of a header.
pub(super) fn shown<'a>(name: &str, value: &'a str) -> Cow<'a, str> {
    if name == BAGGAGE {
        ours(value)
    } else if !is_usual(name) && TERMS.any_in(name) {
        FILTERED.into()
    } else if memchr3(b'?', b'#', b'@', value.as_bytes()).is_none() {
        // Without one of these there is no query, fragment or user.
        value.into()
    } else if name == "host" {
        value.rsplit('@').next().unwrap_or(value).into()
    } else {
        without_users(without_query(name, value))
    }
}

/// Whether nearly all requests have this header, so that its name need not be searched for terms.
fn is_usual(name: &str) -> bool {
    matches!(
        name,
        "accept"
            | "accept-encoding"
            | "accept-language"
            | "cache-control"
            | "connection"
            | "host"
            | "priority"
            | "sec-fetch-dest"
            | "sec-fetch-mode"
            | "sec-fetch-site"
            | "upgrade-insecure-requests"
            | "user-agent"
    )
}

/// The entries that the page shows anyway.
fn ours(baggage: &str) -> Cow<'static, str> {
    match Baggage::parse([baggage]) {
        ours if ours.is_empty() => FILTERED.into(),
        ours => ours.as_str().to_owned().into(),
    }
}

/// The value up to the query or fragment of its first URL. What follows cannot be told apart from these.
fn without_query<'a>(name: &str, value: &'a str) -> &'a str {
    let Some(end) = memchr2(b'?', b'#', value.as_bytes()) else {
        return value;
    };
    let before = value.get(..end).unwrap_or_default();
    if before.contains('/') || URLS.any_in(name) {
        before
    } else {
        value
    }
}

/// The value without the user information of its URLs.
fn without_users(value: &str) -> Cow<'_, str> {
    if memchr(b'@', value.as_bytes()).is_none() {
        return value.into();
    }
    let mut parts = value.split("//");
    let first = parts.next().unwrap_or_default().to_owned();
    let shown = parts.fold(first, |shown, part| shown + "//" + without_user(part));
    shown.into()
}

/// A text that starts with an authority, without its user information.
fn without_user(part: &str) -> &str {
    let end = part.find(['/', '?', '#']).unwrap_or(part.len());
    match part.get(..end).and_then(|authority| authority.rfind('@')) {
        Some(at) => part.get(at + 1..).unwrap_or_default(),
        None => part,
    }
}
