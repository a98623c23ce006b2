//! Putting tags into a stream and taking them out: where, how, and for any page in any pieces.

#![cfg(feature = "tower")]
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod body;
mod frames;
mod properties;
mod scan;
