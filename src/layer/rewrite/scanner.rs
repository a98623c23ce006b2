//! Finds the place for the tags in the bytes of a page.
//!
//! 1. The place is directly after the last `<meta>` of the run of `<meta>` elements that opens `<head>`; white
//!    space and comments may separate them. The tags come before every script, and after a charset declaration
//!    of that run; `insertion` keeps any other declaration within the first 1024 bytes.
//! 2. Without such a run it is directly after `<head>`.
//! 3. Without `<head>`, in a page with a doctype or `<html>`, it is before the first token that makes the browser
//!    open a head (rule 1 applies if that is a `<meta>`).
//! 4. A page without a doctype, `<html>` and `<head>` is a fragment, and has no place. Nor has a page in UTF-16,
//!    whose bytes do not start like any of these.
//! 5. If the page ends within the run, the place is the end of the run.
//! 6. Only the first [`LOOK_BYTES`] count. A page whose head starts later has no place; in a run that ends later,
//!    the place is after its last `<meta>` within them.
//!
//! Source: [HTML, 13.2.6 Tree construction](https://html.spec.whatwg.org/multipage/parsing.html#tree-construction),
//! [charset in the first 1024 bytes](https://html.spec.whatwg.org/multipage/semantics.html#charset).

use super::tokenizer::{State, Tag};

/// The number of bytes that are scanned, and so the most that is ever held back: 16 KiB.
pub const LOOK_BYTES: usize = 16 * 1024;

/// The result so far. Offsets count from the first byte of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Not known yet. The place is not before this offset, so everything before it can be sent.
    Hold(usize),
    /// The place is at this offset.
    Splice(usize),
    /// The page has no place.
    Leave,
}

/// Finds the place in a page that arrives in chunks.
#[derive(Clone, Debug)]
pub struct Scanner {
    phase: Phase,
    state: State,
    /// The number of bytes read.
    at: usize,
    /// The offset of the token that contains `at`.
    token: usize,
}

/// How far the page has been read.
#[derive(Clone, Copy, Debug)]
enum Phase {
    /// Nothing so far makes it more than a fragment.
    Fragment,
    /// A document before its head.
    Document,
    /// In the run that opens the head; the offset is the place so far.
    Head(usize),
    Decided(Step),
}

impl Default for Scanner {
    fn default() -> Self {
        Self::new()
    }
}

impl Scanner {
    /// A scanner at the first byte of a page.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            phase: Phase::Fragment,
            state: State::START,
            at: 0,
            token: 0,
        }
    }

    /// Reads the next bytes of the page. Once decided, the result does not change.
    #[must_use]
    pub fn feed(&mut self, bytes: &[u8]) -> Step {
        for &byte in bytes {
            if let Phase::Decided(step) = self.phase {
                return step;
            }
            self.push(byte);
        }
        self.step()
    }

    /// The result if the page ends here: never [`Step::Hold`].
    #[must_use]
    pub fn end(&self) -> Step {
        match self.phase {
            Phase::Decided(step) => step,
            Phase::Head(place) => Step::Splice(place),
            Phase::Document if self.would_imply_head() => Step::Splice(self.token),
            Phase::Document if self.would_end_in_head() => Step::Splice(self.at),
            Phase::Document | Phase::Fragment => Step::Leave,
        }
    }

    fn step(&self) -> Step {
        match self.phase {
            Phase::Decided(step) => step,
            Phase::Head(place) => Step::Hold(place),
            Phase::Document if self.would_imply_head() => Step::Hold(self.token),
            Phase::Document | Phase::Fragment => Step::Hold(self.at),
        }
    }

    /// The current token may turn out to open a head.
    fn would_imply_head(&self) -> bool {
        matches!(self.state, State::Open | State::EndOpen | State::Name(_))
    }

    fn would_end_in_head(&self) -> bool {
        self.state == State::Space
    }

    fn push(&mut self, byte: u8) {
        let before = self.state;
        let after = before.next(byte);
        if matches!(after, State::Open | State::Text) && before != State::Open {
            self.token = self.at;
        }
        self.state = after;
        self.at += 1;
        self.read(before, after);
        if self.at == LOOK_BYTES {
            self.give_up();
        }
    }

    /// Interprets one step of the tokenizer.
    fn read(&mut self, before: State, after: State) {
        match (before, after) {
            (_, State::Text) => self.imply(),
            (State::Doctype, State::Space) => self.doctype(),
            (State::Name(_), State::Name(_)) => {}
            (State::Name(name), State::Space) => {
                self.open(name.tag());
                self.close(name.tag());
            }
            (State::Name(name), _) => self.open(name.tag()),
            (State::Tag(tag, _), State::Space) => self.close(tag),
            _ => {}
        }
    }

    fn doctype(&mut self) {
        if let Phase::Fragment = self.phase {
            self.phase = Phase::Document;
        }
    }

    /// A tag whose name is complete.
    fn open(&mut self, tag: Tag) {
        match (self.phase, tag) {
            (Phase::Fragment | Phase::Document, Tag::Html | Tag::Head)
            | (Phase::Document, Tag::MetaEnd | Tag::OtherEnd)
            | (Phase::Head(_), Tag::Meta | Tag::MetaEnd) => {}
            (Phase::Document, Tag::Meta) => self.phase = Phase::Head(self.token),
            _ => self.imply(),
        }
    }

    /// A tag's `>`.
    fn close(&mut self, tag: Tag) {
        match (self.phase, tag) {
            (Phase::Fragment, Tag::Html) => self.phase = Phase::Document,
            (Phase::Fragment | Phase::Document, Tag::Head) | (Phase::Head(_), Tag::Meta) => {
                self.phase = Phase::Head(self.at);
            }
            _ => {}
        }
    }

    /// Anything that ends the run, or opens a head.
    fn imply(&mut self) {
        self.phase = Phase::Decided(match self.phase {
            Phase::Decided(step) => step,
            Phase::Head(place) => Step::Splice(place),
            Phase::Document => Step::Splice(self.token),
            Phase::Fragment => Step::Leave,
        });
    }

    fn give_up(&mut self) {
        self.phase = Phase::Decided(match self.phase {
            Phase::Decided(step) => step,
            Phase::Head(place) => Step::Splice(place),
            Phase::Document | Phase::Fragment => Step::Leave,
        });
    }
}
