//! Removes the tags: every occurrence of exactly these bytes.
//!
//! What is held back at the end of a frame is always a prefix of the tags, so its length is all the state
//! (the algorithm of Knuth, Morris and Pratt).

use std::collections::VecDeque;
use std::ops::Range;

use bytes::Bytes;

#[derive(Debug)]
pub(super) struct Remove {
    tags: Bytes,
    /// For each prefix of the tags, the length of the longest shorter prefix that it ends with.
    shorter: Vec<usize>,
    /// The length of the prefix that the page ends with so far; that many bytes are held back.
    matched: usize,
    removed: i64,
}

impl Remove {
    pub(super) fn new(tags: Bytes) -> Self {
        Self {
            shorter: shorter(&tags),
            tags,
            matched: 0,
            removed: 0,
        }
    }

    /// Reads the next bytes.
    pub(super) fn push(&mut self, page: &Bytes, out: &mut VecDeque<Bytes>) {
        let held = self.matched;
        let mut sent = 0;
        for (index, &byte) in page.iter().enumerate() {
            self.matched = step(&self.tags, &self.shorter, self.matched, byte);
            if self.matched == self.tags.len() {
                let end = held + index + 1;
                self.emit(held, page, sent..end - self.matched, out);
                self.removed = self.removed.saturating_add_unsigned(self.matched as u64);
                self.matched = 0;
                sent = end;
            }
        }
        let rest = sent..held + page.len() - self.matched;
        self.emit(held, page, rest, out);
    }

    /// Reads the end of the page, and returns how many bytes it has lost.
    pub(super) fn finish(&mut self, out: &mut VecDeque<Bytes>) -> i64 {
        let held = std::mem::take(&mut self.matched);
        self.emit(held, &Bytes::new(), 0..held, out);
        self.removed
    }

    /// The number of bytes that are held back.
    pub(super) fn held(&self) -> usize {
        self.matched
    }

    /// Sends a range of what is held, followed by `page`.
    fn emit(&self, held: usize, page: &Bytes, range: Range<usize>, out: &mut VecDeque<Bytes>) {
        let old = range.start.min(held)..range.end.min(held);
        let new = range.start.max(held) - held..range.end.max(held) - held;
        for piece in [self.tags.slice(old), page.slice(new)] {
            if !piece.is_empty() {
                out.push_back(piece);
            }
        }
    }
}

/// The length of the prefix that the page ends with, after one more byte.
fn step(tags: &[u8], shorter: &[usize], mut matched: usize, byte: u8) -> usize {
    while tags.get(matched) != Some(&byte) {
        match shorter.get(matched.wrapping_sub(1)) {
            Some(&length) => matched = length,
            None => return 0,
        }
    }
    matched + 1
}

fn shorter(tags: &[u8]) -> Vec<usize> {
    let mut table = vec![0];
    let mut matched = 0;
    for &byte in tags.iter().skip(1) {
        matched = step(tags, &table, matched, byte);
        table.push(matched);
    }
    table
}
