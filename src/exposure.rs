//! How the values of a trace were exposed.

use std::sync::atomic::{AtomicU8, Ordering};

const ID: u8 = 1;
const VALUES: u8 = 1 << 1;
const TAGS: u8 = 1 << 2;
const WITHHELD: u8 = 1 << 3;

/// What a request has done with its values so far, so that a response can be searched for them.
#[derive(Debug)]
pub(crate) struct Exposure(AtomicU8);

impl Exposure {
    pub(crate) const fn none() -> Self {
        Self(AtomicU8::new(0))
    }

    /// The trace id was read, perhaps for a log.
    pub(crate) fn note_id(&self) {
        self.set(ID);
    }

    /// The values were read in the form in which a page has them.
    pub(crate) fn note_values(&self) {
        self.set(VALUES);
    }

    /// The tags were rendered.
    pub(crate) fn note_tags(&self) {
        self.set(TAGS);
    }

    /// From now on the tags render nothing: a cache may store what is sent.
    pub(crate) fn withhold_tags(&self) {
        self.set(WITHHELD);
    }

    pub(crate) fn has_any(&self) -> bool {
        self.is_set(ID | VALUES | TAGS)
    }

    pub(crate) fn has_values(&self) -> bool {
        self.is_set(VALUES)
    }

    pub(crate) fn has_tags(&self) -> bool {
        self.is_set(TAGS)
    }

    pub(crate) fn are_tags_withheld(&self) -> bool {
        self.is_set(WITHHELD)
    }

    fn is_set(&self, bits: u8) -> bool {
        self.0.load(Ordering::Relaxed) & bits != 0
    }

    /// Reading is cheaper than writing, and a value is often read more than once.
    fn set(&self, bit: u8) {
        if !self.is_set(bit) {
            self.0.fetch_or(bit, Ordering::Relaxed);
        }
    }
}
