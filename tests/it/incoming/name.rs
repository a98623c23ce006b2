//! The name of the transaction.

use sentry_ssr::{RootSpan, TransactionName};

use super::{Scenario, options, rate};

#[test]
fn name_can_be_set_until_the_values_are_used() {
    let span = Scenario::head(rate(1.0)).span();
    assert!(span.set_name("checkout"));
    assert_eq!(
        span.clone().baggage().get("transaction").as_deref(),
        Some("checkout")
    );
    let frozen = span.baggage().to_string();
    assert!(!span.set_name("too late"));
    assert_eq!(span.baggage().as_str(), frozen);
}

#[test]
fn name_set_by_hand_is_sent_also_for_a_url() {
    let span = RootSpan::start(&rate(1.0), None, &TransactionName::url("GET", "/users/ada"));
    assert!(span.set_name("a user's page"));
    assert_eq!(
        span.baggage().get("transaction").as_deref(),
        Some("a user's page")
    );
    assert!(
        span.baggage()
            .as_str()
            .ends_with("sentry-transaction=a%20user%27s%20page")
    );
}

#[test]
fn name_stays_out_of_a_deferred_or_continued_context() {
    let deferred = Scenario::head(options()).span();
    assert!(deferred.set_name("checkout"));
    assert_eq!(deferred.baggage().get("transaction"), None);
    let continued = Scenario::called("-1", "sentry-sample_rand=0.5").span();
    assert!(continued.set_name("checkout"));
    assert_eq!(continued.baggage().as_str(), "sentry-sample_rand=0.5");
}

#[test]
fn an_empty_name_is_no_entry() {
    let span = Scenario::head(rate(1.0)).span();
    assert!(span.set_name("checkout"));
    assert!(span.set_name(""));
    assert_eq!(span.baggage().get("transaction"), None);
    let unnamed = RootSpan::start(&rate(1.0), None, &TransactionName::custom(""));
    assert_eq!(unnamed.baggage().get("transaction"), None);
}
