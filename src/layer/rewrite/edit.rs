//! The edits of a page's bytes: bytes of the page go in, chunks of the response come out.

use std::collections::VecDeque;
use std::ops::Range;

use bytes::{Bytes, BytesMut};

use super::encoding::PRESCAN_BYTES;
use super::insertion::{Fit, Insertion};
use super::scanner::{LOOK_BYTES, Scanner, Step};

/// What is to happen to the bytes of a page.
#[derive(Debug)]
pub(in crate::layer) enum PlannedEdit {
    None,
    Insert(Insertion),
    Remove(Bytes),
}

/// What happens to the bytes of a page while they are sent.
#[derive(Debug)]
pub(super) enum ActiveEdit {
    Insert(Insert),
    Remove(Remove),
    /// There is nothing left to examine; the page has grown by this many bytes.
    Done(i64),
}

impl ActiveEdit {
    /// `is_empty` says that the page has no bytes.
    pub(super) fn start(edit: PlannedEdit, is_empty: bool) -> Self {
        match edit {
            PlannedEdit::Insert(insertion) if !is_empty => Self::Insert(Insert::new(insertion)),
            PlannedEdit::Remove(tags) if !is_empty && !tags.is_empty() => {
                Self::Remove(Remove::new(tags))
            }
            _ => Self::Done(0),
        }
    }

    /// By how many bytes the page has grown; `None` while that is unknown.
    pub(super) const fn growth(&self) -> Option<i64> {
        match self {
            Self::Done(growth) => Some(*growth),
            Self::Insert(_) | Self::Remove(_) => None,
        }
    }

    pub(super) fn push(&mut self, page: Bytes, out: &mut VecDeque<Bytes>) {
        match self {
            Self::Insert(insert) => {
                if let Some(growth) = insert.push(page, out) {
                    *self = Self::Done(growth);
                }
            }
            Self::Remove(remove) => remove.push(&page, out),
            Self::Done(_) => out.push_back(page),
        }
    }

    pub(super) fn finish(&mut self, out: &mut VecDeque<Bytes>) {
        *self = Self::Done(match self {
            Self::Insert(insert) => insert.finish(out),
            Self::Remove(remove) => -remove.finish(out),
            Self::Done(growth) => *growth,
        });
    }

    /// The minimum and maximum number of bytes to come, given those of the original body.
    pub(super) fn bounds(&self, lower: u64, upper: Option<u64>) -> (u64, Option<u64>) {
        let plus = |more: usize| move |size: u64| size.saturating_add(more as u64);
        match self {
            Self::Insert(insert) => (
                plus(insert.held())(lower),
                upper.map(plus(insert.held() + insert.max_growth())),
            ),
            Self::Remove(remove) => (0, upper.map(plus(remove.held()))),
            Self::Done(_) => (lower, upper),
        }
    }
}

/// Inserts the tags, at a place that is not known yet.
#[derive(Debug)]
pub(super) struct Insert {
    scanner: Scanner,
    insertion: Insertion,
    /// The first bytes of the page, if they decide what is inserted.
    beginning: Vec<u8>,
    held: BytesMut,
    /// The number of bytes sent, which is the offset of the first one held.
    sent: usize,
}

impl Insert {
    fn new(insertion: Insertion) -> Self {
        Self {
            scanner: Scanner::new(),
            insertion,
            beginning: Vec::new(),
            held: BytesMut::new(),
            sent: 0,
        }
    }

    /// Reads the next bytes. Returns by how much the page has grown, once that is known.
    fn push(&mut self, page: Bytes, out: &mut VecDeque<Bytes>) -> Option<i64> {
        let step = self.scanner.feed(&page);
        self.remember(step, &page);
        self.apply(step, false, page, out)
    }

    /// Reads the end of the page, and returns by how much it has grown.
    fn finish(&mut self, out: &mut VecDeque<Bytes>) -> i64 {
        let step = self.scanner.end();
        self.apply(step, true, Bytes::new(), out).unwrap_or(0)
    }

    /// The number of bytes that are held back.
    fn held(&self) -> usize {
        self.held.len()
    }

    /// The number of bytes by which the page may grow.
    fn max_growth(&self) -> usize {
        self.insertion.max_len()
    }

    fn remember(&mut self, step: Step, page: &[u8]) {
        let most = match step {
            _ if !self.insertion.depends_on_page() => 0,
            Step::Splice(at) => at.max(PRESCAN_BYTES),
            Step::Hold(_) | Step::Leave => LOOK_BYTES,
        };
        let len = page.len().min(most.saturating_sub(self.beginning.len()));
        self.beginning.extend(page.iter().take(len));
    }

    fn apply(
        &mut self,
        step: Step,
        is_end: bool,
        mut page: Bytes,
        out: &mut VecDeque<Bytes>,
    ) -> Option<i64> {
        match step {
            Step::Hold(from) => {
                self.hold(from, page, out);
                None
            }
            Step::Splice(place) => match self.insertion.fit(place, &self.beginning, is_end) {
                Fit::At(at) => Some(self.splice(at, page, out)),
                Fit::Nowhere => self.apply(Step::Leave, is_end, page, out),
                Fit::Unknown => self.apply(Step::Hold(place), is_end, page, out),
            },
            Step::Leave => {
                self.release(usize::MAX, &mut page, out);
                Some(0)
            }
        }
    }

    fn hold(&mut self, from: usize, mut page: Bytes, out: &mut VecDeque<Bytes>) {
        self.release(from, &mut page, out);
        self.held.extend_from_slice(&page);
    }

    /// Sends the page with the markup at this offset, and returns the length of the markup.
    fn splice(&mut self, at: usize, mut page: Bytes, out: &mut VecDeque<Bytes>) -> i64 {
        let before = self.beginning.get(..at).unwrap_or_default();
        let markup = self.insertion.markup(before);
        let growth = i64::try_from(markup.len()).unwrap_or(i64::MAX);
        let mut around = VecDeque::new();
        self.release(at, &mut page, &mut around);
        around.push_back(markup);
        let is_short = page.len() <= LOOK_BYTES;
        let mut rest = page.split_off(if is_short { page.len() } else { 0 });
        self.release(usize::MAX, &mut page, &mut around);
        out.push_back(join(&around));
        self.release(usize::MAX, &mut rest, out);
        growth
    }

    /// Sends everything before `offset`: first what is held, then `page`.
    fn release(&mut self, offset: usize, page: &mut Bytes, out: &mut VecDeque<Bytes>) {
        let held = self.held.len().min(offset.saturating_sub(self.sent));
        let held = self.held.split_to(held).freeze();
        self.emit(held, out);
        let new = page.len().min(offset.saturating_sub(self.sent));
        self.emit(page.split_to(new), out);
    }

    fn emit(&mut self, bytes: Bytes, out: &mut VecDeque<Bytes>) {
        self.sent = self.sent.saturating_add(bytes.len());
        if !bytes.is_empty() {
            out.push_back(bytes);
        }
    }
}

/// Another frame on the wire costs more than copying a few bytes.
fn join(chunks: &VecDeque<Bytes>) -> Bytes {
    let mut whole = BytesMut::with_capacity(chunks.iter().map(Bytes::len).sum());
    for chunk in chunks {
        whole.extend_from_slice(chunk);
    }
    whole.freeze()
}

/// Removes the tags: every occurrence of exactly these bytes.
///
/// What is held back at the end of a frame is always a prefix of the tags, so its length is all the state
/// (the algorithm of Knuth, Morris and Pratt).
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
    fn new(tags: Bytes) -> Self {
        Self {
            shorter: shorter(&tags),
            tags,
            matched: 0,
            removed: 0,
        }
    }

    /// Reads the next bytes.
    fn push(&mut self, page: &Bytes, out: &mut VecDeque<Bytes>) {
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
    fn finish(&mut self, out: &mut VecDeque<Bytes>) -> i64 {
        let held = std::mem::take(&mut self.matched);
        self.emit(held, &Bytes::new(), 0..held, out);
        self.removed
    }

    /// The number of bytes that are held back.
    fn held(&self) -> usize {
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
