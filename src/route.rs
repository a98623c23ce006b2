//! The route of a request, in the form that a browser may see.

use std::fmt;

use arrayvec::ArrayString;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::name::TransactionName;
use crate::text::WriteTo;

/// The route pattern that the path of a request has matched, as the router has stored it with the request.
pub(crate) use self::router::MatchedPath;

#[cfg(feature = "axum")]
mod router {
    pub(crate) use axum::extract::MatchedPath;
}

/// Without axum, no router stores a route with a request.
#[cfg(not(feature = "axum"))]
mod router {
    #[derive(Debug, Clone)]
    pub(crate) enum MatchedPath {}

    impl MatchedPath {
        pub(crate) const fn as_str(&self) -> &str {
            match *self {}
        }
    }
}

/// The route of a request: the name that was set by hand, or else the matched route; never a path. The method is
/// not part of it.
#[derive(Default)]
pub(crate) struct RouteName {
    matched: Option<MatchedPath>,
    name: Option<Name>,
}

enum Name {
    /// A name of ordinary length, which needs no allocation.
    Short(ArrayString<64>),
    Long(Box<str>),
}

impl RouteName {
    /// The matched route if it outlives the request, else the name of the root span.
    pub(crate) fn new(matched: Option<MatchedPath>, name: &TransactionName<'_>) -> Self {
        let mut route = Self {
            name: None,
            matched,
        };
        if route.matched.is_none() {
            route.rename(name);
        }
        route
    }

    pub(crate) fn rename(&mut self, name: &TransactionName<'_>) {
        let text = name.public_text().filter(|text| !text.is_empty());
        self.name = text.map(|text| match ArrayString::from(text) {
            Ok(text) => Name::Short(text),
            Err(_) => Name::Long(text.into()),
        });
    }

    /// The route that the request has matched.
    pub(crate) fn matched(&self) -> Option<&str> {
        self.matched.as_ref().map(MatchedPath::as_str)
    }

    /// The route, encoded; `None` if it is unknown.
    pub(crate) fn encoded(&self) -> Option<EncodedRoute<'_>> {
        let route = match &self.name {
            None => self.matched()?,
            Some(Name::Short(text)) => text,
            Some(Name::Long(text)) => text,
        };
        Some(EncodedRoute(route))
    }
}

/// What `encodeURIComponent` leaves as it is.
const URI_COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// A route as JavaScript's `encodeURIComponent` writes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EncodedRoute<'a>(&'a str);

impl WriteTo for EncodedRoute<'_> {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        utf8_percent_encode(self.0, URI_COMPONENT).try_for_each(|chunk| out.write_str(chunk))
    }
}

impl fmt::Display for EncodedRoute<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

#[cfg(test)]
mod tests {
    use super::RouteName;
    use crate::name::TransactionName;

    fn encoded(name: &TransactionName<'_>) -> Option<String> {
        Some(RouteName::new(None, name).encoded()?.to_string())
    }

    #[test]
    fn it_is_encoded_as_encode_uri_component_does() {
        let cases = [
            ("/users/{id}", "%2Fusers%2F%7Bid%7D"),
            ("-_.!~*'()", "-_.!~*'()"),
            ("Grüße 🦀", "Gr%C3%BC%C3%9Fe%20%F0%9F%A6%80"),
            ("\"><script>&", "%22%3E%3Cscript%3E%26"),
            ("a\u{0}\r\n\u{7f}%", "a%00%0D%0A%7F%25"),
        ];
        for (name, expected) in cases {
            let route = TransactionName::route("GET", name);
            assert_eq!(encoded(&route).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_name_of_any_length_is_kept_whole() {
        for length in [1, 63, 64, 65, 1000] {
            let name = "a".repeat(length);
            assert_eq!(encoded(&TransactionName::custom(&name)), Some(name));
        }
    }

    #[test]
    fn neither_a_path_nor_an_empty_name_is_a_route() {
        assert_eq!(encoded(&TransactionName::url("GET", "/users/7")), None);
        assert_eq!(encoded(&TransactionName::custom("")), None);
    }
}
