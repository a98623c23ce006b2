//! Takes the tags out: every place in which exactly these bytes stand.
//!
//! What is held back at the end of a frame is always a beginning of the tags themselves, so its
//! length is all that has to be kept (the algorithm of Knuth, Morris and Pratt).

use std::collections::VecDeque;
use std::ops::Range;

use bytes::Bytes;

#[derive(Debug)]
pub(super) struct TakeOut {
    tags: Bytes,
    /// For each length of a beginning of the tags: the longest shorter one that it also ends in.
    shorter: Vec<usize>,
    /// How much of the tags the page's last bytes match; so many bytes are held back.
    matched: usize,
    removed: i64,
}

impl TakeOut {
    pub(super) fn new(tags: Bytes) -> Self {
        Self {
            shorter: shorter(&tags),
            tags,
            matched: 0,
            removed: 0,
        }
    }

    /// Takes the next bytes in.
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

    /// Takes the end of the page in: how many bytes it has lost.
    pub(super) fn finish(&mut self, out: &mut VecDeque<Bytes>) -> i64 {
        let held = std::mem::take(&mut self.matched);
        self.emit(held, &Bytes::new(), 0..held, out);
        self.removed
    }

    /// How many bytes are held back.
    pub(super) fn held(&self) -> usize {
        self.matched
    }

    /// Lets go of a range of what is held, followed by `page`.
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

/// How long a beginning of the tags the page ends in, after one more byte.
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
