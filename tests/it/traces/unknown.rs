//! Rule: an empty release or environment is unknown, wherever it is set.

use sentry::ClientOptions;
use sentry_ssr::{RootSpan, TraceOptions, TransactionName};

use crate::support::sdk::Sdk;

fn keys(options: &TraceOptions) -> String {
    let span = RootSpan::start(options, None, &TransactionName::route("GET", "/"));
    let keys: Vec<_> = span
        .baggage()
        .iter()
        .map(|(key, _)| key.into_owned())
        .collect();
    keys.join(" ")
}

#[test]
fn a_blank_option_is_no_entry() {
    for blank in ["", " ", "\t\n"] {
        let options = TraceOptions::new().release(blank).environment(blank);
        assert_eq!(keys(&options), "trace_id sample_rand", "{blank:?}");
    }
    let options = TraceOptions::new().release("shop@1").release("");
    assert_eq!(keys(&options), "trace_id sample_rand");
}

#[test]
fn a_blank_option_of_the_client_is_no_entry() {
    // A client has these values where the variables `SENTRY_RELEASE` and `SENTRY_ENVIRONMENT` are empty.
    for blank in ["", " "] {
        let sdk = Sdk::start(ClientOptions::new().release(blank).environment(blank));
        let keys = sdk.run(|| keys(&TraceOptions::of_client()));
        assert_eq!(keys, "trace_id public_key sample_rand", "{blank:?}");
    }
}
