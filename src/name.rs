use std::fmt;

use crate::text::WriteTo;

/// The name of a root span and where it comes from.
///
/// Printed as Sentry wants it: `GET /users/{id}`.
///
/// ```
/// use sentry_ssr::TransactionName;
///
/// assert_eq!(TransactionName::route("GET", "/users/{id}").to_string(), "GET /users/{id}");
/// assert_eq!(TransactionName::custom("nightly report").to_string(), "nightly report");
/// ```
///
/// Source: <https://develop.sentry.dev/sdk/data-model/event-payloads/transaction/#transaction-annotations>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct TransactionName<'a> {
    method: Option<&'a str>,
    text: &'a str,
    source: TransactionSource,
}

/// Where the name of a root span comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransactionSource {
    /// Set by hand.
    Custom,
    /// A route pattern, such as `/users/{id}`.
    Route,
    /// The path of a URL. It may hold personal data and has no bounds, so it is never put into the
    /// Dynamic Sampling Context, which every visitor of a page sees.
    Url,
}

impl<'a> TransactionName<'a> {
    /// A name set by hand.
    pub const fn custom(name: &'a str) -> Self {
        Self {
            method: None,
            text: name,
            source: TransactionSource::Custom,
        }
    }

    /// A request method and the pattern that the request's path matched.
    pub const fn route(method: &'a str, pattern: &'a str) -> Self {
        Self {
            method: Some(method),
            text: pattern,
            source: TransactionSource::Route,
        }
    }

    /// A request method and the path of the request's URL.
    pub const fn url(method: &'a str, path: &'a str) -> Self {
        Self {
            method: Some(method),
            text: path,
            source: TransactionSource::Url,
        }
    }

    /// Where the name comes from.
    #[must_use]
    pub const fn source(&self) -> TransactionSource {
        self.source
    }

    /// The name as a text of its own.
    #[cfg_attr(
        not(feature = "sentry"),
        expect(dead_code, reason = "only the SDK asks for it")
    )]
    pub(crate) fn to_text(self) -> String {
        let mut text = String::with_capacity(self.method.map_or(0, str::len) + 1 + self.text.len());
        let _infallible = self.write_to(&mut text);
        text
    }

    /// Whether the name may be shown to others: it has few values and holds no personal data.
    pub(crate) fn is_public(&self) -> bool {
        self.source != TransactionSource::Url
    }
}

impl WriteTo for TransactionName<'_> {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        if let Some(method) = self.method {
            out.write_str(method)?;
            out.write_str(" ")?;
        }
        out.write_str(self.text)
    }
}

impl fmt::Display for TransactionName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}
