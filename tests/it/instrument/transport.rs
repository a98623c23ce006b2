//! Rule: what is asked of a transport besides sending works as ever; and the day on which all of this
//! can go.

use std::time::Duration;

use sentry::ClientOptions;

use super::rig::{StockUreq, in_envelope, of_kind, rigs, visit};
use crate::support::ingest::Answer;
use crate::support::sdk::Sdk;

fn options() -> ClientOptions {
    ClientOptions::new().traces_sample_rate(1.0)
}

#[tokio::test]
async fn flush_waits_for_what_is_under_way_and_no_longer_than_it_may() {
    for (rig, instrument) in rigs() {
        let sdk = Sdk::start(instrument(options()));
        let slow = Answer::status(200).after(Duration::from_millis(600));
        sdk.ingest.answer([slow]);
        visit(&sdk, "/users/1", &[]).await;
        let flush = |limit| sdk.client().flush(Some(Duration::from_millis(limit)));
        assert!(!flush(50), "{rig}");
        assert!(flush(20_000), "{rig}");
        assert_eq!(sdk.ingest.envelopes().len(), 1, "{rig}");
    }
}

#[tokio::test]
async fn closing_a_client_sends_what_is_left() {
    for (rig, instrument) in rigs() {
        let sdk = Sdk::start(instrument(options()));
        for _ in 0..10 {
            visit(&sdk, "/users/1", &[]).await;
        }
        let is_drained = sdk.client().close(Some(Duration::from_secs(20)));
        assert!(is_drained, "{rig}");
        assert_eq!(sdk.ingest.envelopes().len(), 10, "{rig}");
    }
}

/// The day on which this fails, look at the header: once it is right, delete `src/sdk/instrument`.
#[tokio::test]
async fn the_sdk_alone_still_sends_no_context() {
    let sdk = Sdk::start(options().transport(StockUreq));
    let page = visit(&sdk, "/users/1", &[]).await;
    assert_eq!(page["sampled"], "true");
    let envelopes = of_kind(&sdk, "transaction");
    assert_eq!(in_envelope(&envelopes[0]), None);
}
