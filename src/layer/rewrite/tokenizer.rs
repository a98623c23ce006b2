//! A state machine over the bytes of a page: one byte in, the next state out.
//!
//! It implements just enough of HTML's tokenizer to find the start and end of tags, comments and doctypes, and
//! to recognise the few tags that matter. The state is all it keeps, so a page may arrive in any chunks.
//!
//! Source: [HTML, 13.2.5 Tokenization](https://html.spec.whatwg.org/multipage/parsing.html#tokenization).

use super::attributes::is_space;

/// The state after the last byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Before the first byte, or inside a byte order mark of which this many bytes have come.
    Mark(u8),
    /// Between tokens, after white space only.
    Space,
    /// In text. What follows does not matter.
    Text,
    /// After `<`.
    Open,
    /// After `</`.
    EndOpen,
    /// After `<!`.
    Bang,
    /// After `<!-`.
    BangDash,
    /// After `<!` and this many bytes of `doctype`.
    Doctyp(u8),
    /// In a doctype.
    Doctype,
    Comment(Comment),
    /// In anything else that the browser reads as a comment, up to the next `>`.
    Bogus,
    /// In a tag's name.
    Name(Name),
    /// After a tag's name.
    Tag(Tag, Attr),
}

/// How much of the end of a comment has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comment {
    Start,
    StartDash,
    Body,
    Dash,
    DashDash,
    Bang,
}

/// The position between a tag's name and its `>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attr {
    Gap,
    Slash,
    Name,
    AfterName,
    BeforeValue,
    Quoted(u8),
    Unquoted,
}

/// The tags that determine where the head is, and all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Html,
    Head,
    Meta,
    Other,
    MetaEnd,
    /// `</head>`, `</body>`, `</html>` and `</br>`, which imply a head if there is none yet.
    OpeningEnd,
    OtherEnd,
}

/// A tag's name as far as it was read. No name that matters is longer than the array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name {
    end: bool,
    len: usize,
    bytes: [u8; 4],
}

pub(super) const BYTE_ORDER_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];
const DOCTYPE: [u8; 7] = *b"doctype";

impl State {
    pub(super) const START: Self = Self::Mark(0);

    /// The state after one more byte.
    pub(super) fn next(self, byte: u8) -> Self {
        match self {
            Self::Mark(seen) => mark(seen, byte),
            Self::Space => space(byte),
            Self::Text => Self::Text,
            Self::Open => open(byte),
            Self::EndOpen => end_open(byte),
            Self::Bang => bang(byte),
            Self::BangDash if byte == b'-' => Self::Comment(Comment::Start),
            Self::Doctyp(seen) => doctyp(seen, byte),
            Self::Doctype => doctype(byte),
            Self::Comment(comment) => comment.next(byte).map_or(Self::Space, Self::Comment),
            Self::BangDash | Self::Bogus => bogus(byte),
            Self::Name(name) => name.next(byte),
            Self::Tag(tag, attr) => attr
                .next(byte)
                .map_or(Self::Space, |attr| Self::Tag(tag, attr)),
        }
    }
}

fn mark(seen: u8, byte: u8) -> State {
    match BYTE_ORDER_MARK.get(usize::from(seen)) {
        Some(&expected) if byte == expected => State::Mark(seen + 1),
        Some(_) if seen > 0 => State::Text,
        _ => space(byte),
    }
}

fn space(byte: u8) -> State {
    match byte {
        b'<' => State::Open,
        _ if is_space(byte) => State::Space,
        _ => State::Text,
    }
}

fn open(byte: u8) -> State {
    match byte {
        b'!' => State::Bang,
        b'/' => State::EndOpen,
        b'?' => State::Bogus,
        _ if byte.is_ascii_alphabetic() => State::Name(Name::new(false).push(byte)),
        _ => State::Text,
    }
}

fn end_open(byte: u8) -> State {
    if byte.is_ascii_alphabetic() {
        State::Name(Name::new(true).push(byte))
    } else {
        bogus(byte)
    }
}

fn bang(byte: u8) -> State {
    if byte == b'-' {
        State::BangDash
    } else {
        doctyp(0, byte)
    }
}

fn doctyp(seen: u8, byte: u8) -> State {
    let matches = |expected: &u8| byte.eq_ignore_ascii_case(expected);
    match DOCTYPE.get(usize::from(seen)).filter(|it| matches(it)) {
        Some(_) if usize::from(seen) + 1 == DOCTYPE.len() => State::Doctype,
        Some(_) => State::Doctyp(seen + 1),
        None => bogus(byte),
    }
}

fn doctype(byte: u8) -> State {
    match byte {
        b'>' => State::Space,
        _ => State::Doctype,
    }
}

/// The rest of what the browser reads as a comment, up to the next `>`.
fn bogus(byte: u8) -> State {
    match byte {
        b'>' => State::Space,
        _ => State::Bogus,
    }
}

impl Comment {
    /// The state after one more byte; `None` when it closed the comment.
    fn next(self, byte: u8) -> Option<Self> {
        match (self, byte) {
            (Self::Start | Self::StartDash | Self::DashDash | Self::Bang, b'>') => None,
            (Self::Start, b'-') => Some(Self::StartDash),
            (Self::StartDash | Self::Dash | Self::DashDash, b'-') => Some(Self::DashDash),
            (Self::Body | Self::Bang, b'-') => Some(Self::Dash),
            (Self::DashDash, b'!') => Some(Self::Bang),
            _ => Some(Self::Body),
        }
    }
}

impl Attr {
    /// The state after one more byte; `None` when it closed the tag.
    fn next(self, byte: u8) -> Option<Self> {
        match (self, byte) {
            (Self::Quoted(quote), _) if byte == quote => Some(Self::Gap),
            (Self::Quoted(_), _) => Some(self),
            (_, b'>') => None,
            (Self::BeforeValue, b'"' | b'\'') => Some(Self::Quoted(byte)),
            (Self::BeforeValue, _) if is_space(byte) => Some(self),
            (Self::Unquoted, _) if is_space(byte) => Some(Self::Gap),
            (Self::BeforeValue | Self::Unquoted, _) => Some(Self::Unquoted),
            (_, b'/') => Some(Self::Slash),
            (Self::Name | Self::AfterName, _) if is_space(byte) => Some(Self::AfterName),
            (Self::Name | Self::AfterName, b'=') => Some(Self::BeforeValue),
            (Self::Gap | Self::Slash, _) if is_space(byte) => Some(Self::Gap),
            _ => Some(Self::Name),
        }
    }
}

impl Name {
    fn new(end: bool) -> Self {
        Self {
            end,
            len: 0,
            bytes: [0; 4],
        }
    }

    fn next(self, byte: u8) -> State {
        match byte {
            b'>' => State::Space,
            b'/' => State::Tag(self.tag(), Attr::Slash),
            _ if is_space(byte) => State::Tag(self.tag(), Attr::Gap),
            _ => State::Name(self.push(byte)),
        }
    }

    fn push(mut self, byte: u8) -> Self {
        if let Some(room) = self.bytes.get_mut(self.len) {
            *room = byte.to_ascii_lowercase();
        }
        self.len = self.len.saturating_add(1);
        self
    }

    pub(super) fn tag(self) -> Tag {
        match (self.bytes.get(..self.len), self.end) {
            (Some(b"html"), false) => Tag::Html,
            (Some(b"head"), false) => Tag::Head,
            (Some(b"meta"), false) => Tag::Meta,
            (_, false) => Tag::Other,
            (Some(b"meta"), true) => Tag::MetaEnd,
            (Some(b"head" | b"body" | b"html" | b"br"), true) => Tag::OpeningEnd,
            (_, true) => Tag::OtherEnd,
        }
    }
}
