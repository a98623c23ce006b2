//! Where in the bytes of a page the tags belong.
//!
//! 1. Directly behind the last `<meta>` of the run of `<meta>` elements that opens `<head>`; white
//!    space and comments may stand between them. So a charset declaration stays in the first 1024
//!    bytes, and everything that can run a script comes after the tags.
//! 2. Without such a run: directly behind `<head>`.
//! 3. Without `<head>`, in a page that has a doctype or `<html>`: before the first thing that makes
//!    the browser open a head by itself (rule 1 counts when that is a `<meta>`). XML opens nothing
//!    by itself; there such a page is left alone.
//! 4. A page with neither doctype nor `<html>` nor `<head>` is a fragment and left alone. So is one
//!    in UTF-16: it does not begin like any of these.
//! 5. Where the page ends inside the run, the end of the run is the place.
//! 6. Nothing behind the first [`LOOK_BYTES`] is looked at. A page whose head has not begun by then
//!    is left alone; in one whose run has not ended by then, the tags go behind its last `<meta>`.
//!
//! ```
//! use sentry_ssr::inject::{Scanner, Step, Syntax};
//!
//! let mut scanner = Scanner::new(Syntax::Html);
//! let page = b"<!doctype html><head><meta charset=utf-8>\n<title>";
//! assert_eq!(scanner.feed(page), Step::Splice(41));
//! ```
//!
//! Source: [HTML, 13.2.6 Tree construction](https://html.spec.whatwg.org/multipage/parsing.html#tree-construction),
//! [charset in the first 1024 bytes](https://html.spec.whatwg.org/multipage/semantics.html#charset).

use super::token::{Attr, State, Syntax, Tag};

/// How many bytes of a page are looked at, and so the most that is ever held back: 16 KiB.
pub const LOOK_BYTES: usize = 16 * 1024;

/// What is known about a page so far. Offsets count from its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Undecided. The tags will not go before this offset: all that stands before it can be sent.
    Hold(usize),
    /// The tags go to this offset.
    Splice(usize),
    /// The page has no place for the tags.
    Leave,
}

/// Finds the place of the tags in a page that comes in pieces.
#[derive(Clone, Debug)]
pub struct Scanner {
    syntax: Syntax,
    phase: Phase,
    state: State,
    /// How many bytes were read.
    at: usize,
    /// Where the token begins that `at` is in.
    token: usize,
}

/// How far the page has come.
#[derive(Clone, Copy, Debug)]
enum Phase {
    /// Nothing yet that makes it more than a fragment.
    Fragment,
    /// A document before its head.
    Document,
    /// In the run that opens the head; the tags would go here.
    Head(usize),
    Decided(Step),
}

impl Scanner {
    /// A scanner at the first byte of a page.
    #[must_use]
    pub fn new(syntax: Syntax) -> Self {
        Self {
            syntax,
            phase: Phase::Fragment,
            state: State::START,
            at: 0,
            token: 0,
        }
    }

    /// Reads the next bytes of the page. Once decided, the answer stays the same.
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

    /// The answer when the page ends here: never [`Step::Hold`].
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

    /// The token we are in may turn out to open a head by itself.
    fn would_imply_head(&self) -> bool {
        let unknown = matches!(self.state, State::Open | State::EndOpen | State::Name(_));
        unknown && self.syntax == Syntax::Html
    }

    fn would_end_in_head(&self) -> bool {
        self.state == State::Space && self.syntax == Syntax::Html
    }

    fn push(&mut self, byte: u8) {
        let before = self.state;
        let after = before.next(byte, self.syntax);
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

    /// Draws the conclusions from one step of the syntax.
    fn read(&mut self, before: State, after: State) {
        match (before, after) {
            (_, State::Text) => self.imply(),
            (State::Doctype, State::Space) => self.doctype(),
            (State::Name(_), State::Name(_)) => {}
            (State::Name(name), State::Space) => {
                self.open(name.tag());
                self.close(name.tag(), false);
            }
            (State::Name(name), _) => self.open(name.tag()),
            (State::Tag(tag, attr), State::Space) => self.close(tag, attr == Attr::Slash),
            _ => {}
        }
    }

    fn doctype(&mut self) {
        if let Phase::Fragment = self.phase {
            self.phase = Phase::Document;
        }
    }

    /// A tag whose name is now known.
    fn open(&mut self, tag: Tag) {
        match (self.phase, tag) {
            (Phase::Fragment | Phase::Document, Tag::Html | Tag::Head)
            | (Phase::Head(_), Tag::Meta | Tag::MetaEnd) => {}
            (Phase::Document, Tag::Meta) if self.syntax == Syntax::Html => {
                self.phase = Phase::Head(self.token);
            }
            (Phase::Document, Tag::MetaEnd | Tag::OtherEnd) if self.syntax == Syntax::Html => {}
            _ => self.imply(),
        }
    }

    /// A tag's `>`.
    fn close(&mut self, tag: Tag, self_closed: bool) {
        let xml = self.syntax == Syntax::Xml;
        match (self.phase, tag) {
            (Phase::Fragment, Tag::Html) => self.phase = Phase::Document,
            (Phase::Fragment | Phase::Document, Tag::Head) if xml && self_closed => {
                self.phase = Phase::Decided(Step::Leave);
            }
            (Phase::Fragment | Phase::Document, Tag::Head) => self.phase = Phase::Head(self.at),
            (Phase::Head(_), Tag::Meta) if self_closed || !xml => self.phase = Phase::Head(self.at),
            (Phase::Head(_), Tag::MetaEnd) if xml => self.phase = Phase::Head(self.at),
            _ => {}
        }
    }

    /// Something that ends the run, or opens a head by itself.
    fn imply(&mut self) {
        self.phase = Phase::Decided(match self.phase {
            Phase::Decided(step) => step,
            Phase::Head(place) => Step::Splice(place),
            Phase::Document if self.syntax == Syntax::Html => Step::Splice(self.token),
            Phase::Document | Phase::Fragment => Step::Leave,
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
