//! The route of a span, as the page shows it.

use sentry_ssr::{RootSpan, TraceOptions, TransactionName};

/// The route in the tag of a span with this name; `None` if it has no tag.
fn encoded(name: &TransactionName<'_>) -> Option<String> {
    let span = RootSpan::start(&TraceOptions::new(), None, name);
    let tag = span.route_tag().to_string();
    let route = tag.strip_prefix("<meta name=\"sentry-route-name\" content=\"")?;
    Some(route.strip_suffix("\">")?.to_owned())
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
