//! Rule: limits and reports are those of the SDK, which is asked beside each of ours.

use std::collections::BTreeMap;
use std::time::Duration;

use sentry::{ClientOptions, Level};

use super::rig::{EXACT, Rig, StockUreq, WRAPPED, losses, of_kind, visit};
use crate::support::ingest::Answer;
use crate::support::sdk::Sdk;

const STOCK: Rig = ("the SDK itself", |options| options.transport(StockUreq));

fn options() -> ClientOptions {
    ClientOptions::new().traces_sample_rate(1.0)
}

/// How many of a kind were lost.
type Losses = BTreeMap<(String, String), u64>;

fn lost(losses: &Losses, reason: &str, category: &str) -> Option<u64> {
    losses
        .get(&(reason.to_owned(), category.to_owned()))
        .copied()
}

/// Visits pages under an ingest that gives this answer to the first envelope, then says what came:
/// transactions, events and reported losses.
async fn outcome(rig: &Rig, answer: &Answer) -> (usize, usize, Losses) {
    let (_, instrument) = rig;
    let sdk = Sdk::start(instrument(options()));
    sdk.ingest.answer([answer.clone()]);
    visit(&sdk, "/users/1", &[]).await;
    sdk.sent();
    for _ in 0..3 {
        visit(&sdk, "/users/1", &[]).await;
    }
    // One envelope after another: each takes along what was lost until then.
    for message in ["one", "two"] {
        sdk.sent();
        sdk.run(|| sentry::capture_message(message, Level::Error));
    }
    let (transactions, events) = (sdk.transactions().len(), sdk.events().len());
    (transactions, events, losses(&sdk))
}

async fn assert_same_as_the_sdk(answer: Answer, transactions: usize, events: usize) {
    let stock = outcome(&STOCK, &answer).await;
    assert_eq!((stock.0, stock.1), (transactions, events), "{answer:?}");
    for rig in EXACT {
        let ours = outcome(rig, &answer).await;
        assert_eq!(ours, stock, "{} {answer:?}", rig.0);
    }
}

fn limited(limits: &'static str) -> Answer {
    Answer::status(429).header("x-sentry-rate-limits", limits)
}

#[tokio::test]
async fn a_limit_on_transactions_holds_them_back_and_lets_errors_go() {
    assert_same_as_the_sdk(limited("60:transaction:organization"), 1, 2).await;
}

#[tokio::test]
async fn a_limit_on_errors_holds_them_back_and_lets_transactions_go() {
    assert_same_as_the_sdk(limited("60:error:organization"), 4, 0).await;
}

#[tokio::test]
async fn a_limit_on_everything_holds_everything_back() {
    assert_same_as_the_sdk(limited("60::organization"), 1, 0).await;
    assert_same_as_the_sdk(Answer::status(429), 1, 0).await;
    assert_same_as_the_sdk(Answer::status(429).header("retry-after", "60"), 1, 0).await;
}

#[tokio::test]
async fn a_limit_that_comes_with_a_success_counts() {
    let answer = Answer::status(200).header("x-sentry-rate-limits", "60:transaction:key");
    assert_same_as_the_sdk(answer, 1, 2).await;
}

#[tokio::test]
async fn what_the_ingest_refuses_is_reported_as_lost() {
    for status in [400, 413, 500, 503] {
        assert_same_as_the_sdk(Answer::status(status), 4, 2).await;
    }
    let stock = outcome(&STOCK, &Answer::status(500)).await;
    assert_eq!(lost(&stock.2, "send_error", "transaction"), Some(1));
}

#[tokio::test]
async fn a_wrapped_transport_honours_a_limit_on_everything() {
    for rig in WRAPPED {
        let (transactions, events, _) = outcome(rig, &limited("60::organization")).await;
        assert_eq!((transactions, events), (1, 0), "{}", rig.0);
    }
}

#[tokio::test]
async fn what_has_no_room_in_the_queue_is_reported_as_lost() {
    for (name, instrument) in [&STOCK].into_iter().chain(EXACT) {
        let options = options().transport_channel_capacity(1);
        let sdk = Sdk::start(instrument(options));
        sdk.ingest
            .answer([Answer::status(200).after(Duration::from_millis(500))]);
        visit(&sdk, "/users/1", &[]).await;
        sdk.ingest.wait_for(1);
        for _ in 0..3 {
            visit(&sdk, "/users/1", &[]).await;
        }
        sdk.sent();
        sdk.run(|| sentry::capture_message("one", Level::Error));
        assert_eq!(of_kind(&sdk, "transaction").len(), 2, "{name}");
        let lost = lost(&losses(&sdk), "queue_overflow", "transaction");
        assert_eq!(lost, Some(2), "{name}");
    }
}
