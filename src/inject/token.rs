//! The bytes of a page as a state machine: one byte in, the next state out.
//!
//! It knows just enough of HTML's tokenizer to tell where a tag, a comment or a doctype begins and
//! ends, and which of the few tags that matter a tag is. Nothing is kept but the state itself, so
//! that a page may arrive in any pieces.
//!
//! Source: [HTML, 13.2.5 Tokenization](https://html.spec.whatwg.org/multipage/parsing.html#tokenization).

/// The grammar by which the browser will read the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// `text/html`: names in any case, implied tags.
    Html,
    /// `application/xhtml+xml`: names in lower case, `<?…?>`, no implied tags.
    Xml,
}

/// Where in the page's syntax the last byte left us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Before the first byte, or inside a byte order mark of which this many bytes have come.
    Mark(u8),
    /// Between tokens; so far nothing but white space.
    Space,
    /// In text. Nobody asks what comes after it.
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
    /// In anything else that the browser reads as a comment up to the next `>`.
    Bogus,
    /// In an XML processing instruction; `true` right after a `?`.
    Instruction(bool),
    /// In a tag's name.
    Name(Name),
    /// Behind a tag's name.
    Tag(Tag, Attr),
}

/// How much of its own end a comment has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comment {
    Start,
    StartDash,
    Body,
    Dash,
    DashDash,
    Bang,
}

/// Where between a tag's name and its `>` we are.
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

/// The tags that say where the head is, and all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Html,
    Head,
    Meta,
    Other,
    MetaEnd,
    /// `</head>`, `</body>`, `</html>` and `</br>`: before a head, these imply one.
    OpeningEnd,
    OtherEnd,
}

/// A tag's name as far as it came; no name that matters is longer than its room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name {
    end: bool,
    len: usize,
    bytes: [u8; 4],
}

const BYTE_ORDER_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];
const DOCTYPE: [u8; 7] = *b"doctype";

impl State {
    pub(super) const START: Self = Self::Mark(0);

    /// The state after one more byte.
    pub(super) fn next(self, byte: u8, syntax: Syntax) -> Self {
        match self {
            Self::Mark(seen) => mark(seen, byte),
            Self::Space => space(byte),
            Self::Text => Self::Text,
            Self::Open => open(byte, syntax),
            Self::EndOpen => end_open(byte, syntax),
            Self::Bang => bang(byte, syntax),
            Self::BangDash if byte == b'-' => Self::Comment(Comment::Start),
            Self::BangDash => bogus(byte, syntax),
            Self::Doctyp(seen) => doctyp(seen, byte, syntax),
            Self::Doctype => doctype(byte, syntax),
            Self::Comment(comment) => comment.next(byte).map_or(Self::Space, Self::Comment),
            Self::Bogus => bogus(byte, Syntax::Html),
            Self::Instruction(true) if byte == b'>' => Self::Space,
            Self::Instruction(_) => Self::Instruction(byte == b'?'),
            Self::Name(name) => name.next(byte, syntax),
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

fn open(byte: u8, syntax: Syntax) -> State {
    match (byte, syntax) {
        (b'!', _) => State::Bang,
        (b'/', _) => State::EndOpen,
        (b'?', Syntax::Html) => State::Bogus,
        (b'?', Syntax::Xml) => State::Instruction(false),
        _ if byte.is_ascii_alphabetic() => State::Name(Name::new(false).push(byte, syntax)),
        _ => State::Text,
    }
}

fn end_open(byte: u8, syntax: Syntax) -> State {
    if byte.is_ascii_alphabetic() {
        State::Name(Name::new(true).push(byte, syntax))
    } else {
        bogus(byte, syntax)
    }
}

fn bang(byte: u8, syntax: Syntax) -> State {
    if byte == b'-' {
        State::BangDash
    } else {
        doctyp(0, byte, syntax)
    }
}

fn doctyp(seen: u8, byte: u8, syntax: Syntax) -> State {
    let matches = |expected: &u8| byte.eq_ignore_ascii_case(expected);
    match DOCTYPE.get(usize::from(seen)).filter(|it| matches(it)) {
        Some(_) if usize::from(seen) + 1 == DOCTYPE.len() => State::Doctype,
        Some(_) => State::Doctyp(seen + 1),
        None => bogus(byte, syntax),
    }
}

/// An internal subset, which only XML knows, may hold anything: nothing is looked for behind it.
fn doctype(byte: u8, syntax: Syntax) -> State {
    match (byte, syntax) {
        (b'>', _) => State::Space,
        (b'[', Syntax::Xml) => State::Text,
        _ => State::Doctype,
    }
}

/// What HTML forgives as a comment is an error in XML, or a CDATA section: text in both cases.
fn bogus(byte: u8, syntax: Syntax) -> State {
    match (byte, syntax) {
        (_, Syntax::Xml) => State::Text,
        (b'>', Syntax::Html) => State::Space,
        (_, Syntax::Html) => State::Bogus,
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0C')
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

    fn next(self, byte: u8, syntax: Syntax) -> State {
        match byte {
            b'>' => State::Space,
            b'/' => State::Tag(self.tag(), Attr::Slash),
            _ if is_space(byte) => State::Tag(self.tag(), Attr::Gap),
            _ => State::Name(self.push(byte, syntax)),
        }
    }

    fn push(mut self, byte: u8, syntax: Syntax) -> Self {
        if let Some(room) = self.bytes.get_mut(self.len) {
            *room = match syntax {
                Syntax::Html => byte.to_ascii_lowercase(),
                Syntax::Xml => byte,
            };
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
