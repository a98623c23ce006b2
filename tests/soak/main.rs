//! Many requests of every kind, good and bad, through the layer of a real server: each ends exactly
//! one span, with the status that tells how, and memory stays flat.
//!
//! ```sh
//! cargo test --release --test soak -- --ignored --nocapture   # SOAK_REQUESTS=1000000
//! ```
//!
//! 1. A request carries its number in its path, and so does the transaction that is reported of it.
//! 2. What has reached the layer is counted outside of it. Only clients that leave at once may never
//!    reach it; all others must have, once.
//! 3. What has reached the layer has one transaction, or none where its caller has decided so.
//! 4. Books are closed while the server is still up: a span that ends only with it is late.

mod book;
mod caller;
mod connection;
mod kind;
mod memory;
mod recorder;
mod run;
mod server;
mod visitor;

use std::sync::{Mutex, PoisonError};

/// Two runs in one process would see each other's memory.
static ALONE: Mutex<()> = Mutex::new(());

#[track_caller]
fn soak(requests: usize) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (book, memory) = run::run(requests);
    print!("{memory}\n{book}");
    let faults = book.audit();
    assert!(faults.is_empty(), "{faults:#?}");
    memory.assert_flat();
}

#[test]
fn every_request_of_a_short_run_ends_one_span() {
    soak(5_000);
}

#[test]
#[ignore = "a million requests take a minute or two"]
fn every_request_of_a_long_run_ends_one_span_and_memory_stays_flat() {
    let requests = std::env::var("SOAK_REQUESTS");
    soak(requests.map_or(1_000_000, |requests| requests.parse().unwrap()));
}
