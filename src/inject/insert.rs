//! Puts the tags in: bytes of the page go in, pieces of the answer come out.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};

use super::scan::{Scanner, Step};

/// The stream as far as it is undecided: what was read, and what is held back of it.
#[derive(Debug)]
pub(super) struct Insert {
    scanner: Scanner,
    tags: Bytes,
    held: BytesMut,
    /// How many bytes of the page were let go, so the offset of the first one held.
    sent: usize,
}

impl Insert {
    pub(super) fn new(scanner: Scanner, tags: Bytes) -> Self {
        Self {
            scanner,
            tags,
            held: BytesMut::new(),
            sent: 0,
        }
    }

    /// Takes the next bytes in. `Some` once the place is decided: by how much the page has grown.
    pub(super) fn push(&mut self, page: Bytes, out: &mut VecDeque<Bytes>) -> Option<i64> {
        let step = self.scanner.feed(&page);
        self.apply(step, page, out)
    }

    /// Takes the end of the page in: by how much it has grown.
    pub(super) fn finish(&mut self, out: &mut VecDeque<Bytes>) -> i64 {
        let step = self.scanner.end();
        self.apply(step, Bytes::new(), out).unwrap_or(0)
    }

    /// How many bytes are held back.
    pub(super) fn held(&self) -> usize {
        self.held.len()
    }

    /// By how much the page may grow.
    pub(super) fn most(&self) -> usize {
        self.tags.len()
    }

    fn apply(&mut self, step: Step, mut page: Bytes, out: &mut VecDeque<Bytes>) -> Option<i64> {
        match step {
            Step::Hold(from) => {
                self.release(from, &mut page, out);
                self.held.extend_from_slice(&page);
                None
            }
            Step::Splice(at) => {
                self.release(at, &mut page, out);
                out.push_back(self.tags.clone());
                self.release(usize::MAX, &mut page, out);
                Some(i64::try_from(self.tags.len()).unwrap_or(i64::MAX))
            }
            Step::Leave => {
                self.release(usize::MAX, &mut page, out);
                Some(0)
            }
        }
    }

    /// Lets go of all that stands before `offset`, first of what is held, then of `page`.
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
