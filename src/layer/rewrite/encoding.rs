//! The encoding of a page, which a browser looks for in the first 1024 bytes, and whether it leaves ASCII alone.
//!
//! Sources: [Encoding](https://encoding.spec.whatwg.org/#names-and-labels),
//! [HTML, 13.2.3.2](https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding).

use http::HeaderMap;
use http::header::CONTENT_TYPE;

use super::attributes::{Attributes, is_space};

/// An encoding that browsers know, as far as it matters to ASCII markup in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// The bytes of `<`, `>`, quotes and white space always mean these characters, never parts of others.
    Superset,
    /// Every character takes two bytes at least.
    Utf16,
    /// A byte of ASCII markup may be part of another character.
    Stateful,
}

impl Encoding {
    /// The encoding of a label; `None` for one that browsers do not know.
    pub(super) fn for_label(label: &[u8]) -> Option<Self> {
        let label = label.trim_ascii();
        let is_in = |labels: &str| {
            let mut labels = labels.split_ascii_whitespace();
            labels.any(|it| label.eq_ignore_ascii_case(it.as_bytes()))
        };
        if is_in(SUPERSETS) {
            Some(Self::Superset)
        } else if is_in(UTF_16) {
            Some(Self::Utf16)
        } else {
            is_in(STATEFUL).then_some(Self::Stateful)
        }
    }

    /// The encoding that `Content-Type` names, which outweighs what the page declares.
    pub(super) fn of_header(headers: &HeaderMap) -> Option<Self> {
        let content_type = headers.get(CONTENT_TYPE)?.as_bytes();
        Self::for_label(charset_of(content_type)?)
    }

    /// A page that declares UTF-16 in ASCII is not in UTF-16: browsers read it as UTF-8.
    pub(super) const fn of_declaration(self) -> Self {
        match self {
            Self::Utf16 => Self::Superset,
            other => other,
        }
    }
}

/// The number of bytes in which a browser looks for the declaration.
pub(super) const PRESCAN_BYTES: usize = 1024;

/// What the first bytes of a page declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Declaration {
    /// Nothing that counts so far; the next bytes may.
    Unknown,
    Missing,
    /// An encoding, in an element that ends at this offset.
    Found(Encoding, usize),
}

/// Looks through the first [`PRESCAN_BYTES`] of a page. `is_end` says that the page has no more bytes than these.
///
/// An XML declaration counts only where no `<meta>` declares an encoding.
pub(super) fn prescan(page: &[u8], is_end: bool) -> Declaration {
    let is_whole = is_end || page.len() >= PRESCAN_BYTES;
    let page = page.get(..PRESCAN_BYTES).unwrap_or(page);
    let found = metas(page).find_map(|meta| Some((declared(meta.attributes())?, meta.end)));
    match found {
        Some((encoding, end)) => Declaration::Found(encoding, end),
        None if !is_whole => Declaration::Unknown,
        None => match xml_encoding(page) {
            Some(encoding) => Declaration::Found(encoding, 0),
            None => Declaration::Missing,
        },
    }
}

/// A `<meta>` element.
#[derive(Debug)]
pub(super) struct Meta<'a> {
    tail: &'a [u8],
    /// The offset after its `>`.
    end: usize,
}

impl<'a> Meta<'a> {
    /// Its attributes; if several have the same name, the first counts.
    pub(super) fn attributes(&self) -> Attributes<'a> {
        Attributes::new(self.tail)
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a [u8]> {
        let mut attributes = self.attributes();
        let is_it = |found: &[u8]| found.eq_ignore_ascii_case(name.as_bytes());
        attributes.find_map(|(found, value)| is_it(found).then_some(value))
    }
}

/// The `<meta>` elements of a page, except those in comments and in the attributes of other tags.
pub(super) fn metas(page: &[u8]) -> impl Iterator<Item = Meta<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += memchr::memchr(b'<', page.get(at..)?)?;
            let rest = page.get(at..)?;
            let (tail, is_meta) = construct(rest)?;
            at = page.len() - tail.len();
            if is_meta {
                let mut attributes = Attributes::new(tail);
                attributes.by_ref().for_each(drop);
                if attributes.is_cut {
                    return None;
                }
                at = page.len() - attributes.rest().len() + 1;
                return Some(Meta { tail, end: at });
            }
        }
    })
}

/// What follows the construct that these bytes open, and whether it is a `<meta>`, whose attributes then
/// follow. `None` if the bytes run out.
fn construct(rest: &[u8]) -> Option<(&[u8], bool)> {
    let (name, after) = (rest.get(1..5), rest.get(5).copied());
    let is_meta = name.is_some_and(|name| name.eq_ignore_ascii_case(b"meta"))
        && after.is_some_and(|byte| is_space(byte) || byte == b'/');
    match rest.get(1..)? {
        _ if is_meta => Some((rest.get(5..)?, true)),
        [b'!', b'-', b'-', ..] => {
            let end = memchr::memmem::find(rest.get(2..)?, b"-->")?;
            Some((rest.get(2 + end + 3..)?, false))
        }
        [b'/', letter, ..] | [letter, ..] if letter.is_ascii_alphabetic() => {
            let name = rest
                .iter()
                .position(|&byte| is_space(byte) || byte == b'>')?;
            let mut attributes = Attributes::new(rest.get(name..)?);
            attributes.by_ref().for_each(drop);
            (!attributes.is_cut).then(|| (attributes.rest(), false))
        }
        [b'!' | b'/' | b'?', ..] => {
            let end = memchr::memchr(b'>', rest)?;
            Some((rest.get(end..)?, false))
        }
        _ => Some((rest.get(1..)?, false)),
    }
}

/// The encoding that a `<meta>` with these attributes declares.
fn declared(attributes: Attributes<'_>) -> Option<Encoding> {
    let (mut is_pragma, mut needs_pragma, mut label) = (false, None, None);
    let mut seen: Vec<&[u8]> = Vec::new();
    for (name, value) in attributes {
        let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
        if seen.iter().any(|it| is(it)) {
            continue;
        }
        seen.push(name);
        if is(b"http-equiv") {
            is_pragma |= value.eq_ignore_ascii_case(b"content-type");
        } else if is(b"charset") {
            label = Some(value);
            needs_pragma = Some(false);
        } else if is(b"content") && label.is_none() {
            label = charset_of(value);
            needs_pragma = label.map(|_| true).or(needs_pragma);
        }
    }
    let counts = needs_pragma.is_some_and(|needed| is_pragma || !needed);
    let encoding = Encoding::for_label(label.filter(|_| counts)?)?;
    Some(encoding.of_declaration())
}

/// The label in a value such as `text/html; charset=utf-8`.
///
/// Source: [HTML, 2.4.3](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#extracting-character-encodings-from-meta-elements).
fn charset_of(value: &[u8]) -> Option<&[u8]> {
    let mut rest = value;
    loop {
        let at = rest
            .windows(7)
            .position(|it| it.eq_ignore_ascii_case(b"charset"))?;
        rest = rest.get(at + 7..)?.trim_ascii_start();
        if let [b'=', value @ ..] = rest {
            return label_of(value.trim_ascii_start());
        }
    }
}

fn label_of(value: &[u8]) -> Option<&[u8]> {
    match value {
        [quote @ (b'"' | b'\''), value @ ..] => {
            let end = value.iter().position(|byte| byte == quote)?;
            value.get(..end)
        }
        _ => value.split(|&byte| is_space(byte) || byte == b';').next(),
    }
}

/// The encoding in an XML declaration that opens the page.
fn xml_encoding(page: &[u8]) -> Option<Encoding> {
    let declaration = page.strip_prefix(b"<?xml")?;
    let end = memchr::memchr(b'>', declaration)?;
    let declaration = declaration.get(..end)?;
    let at = memchr::memmem::find(declaration, b"encoding")?;
    let value = declaration.get(at + 8..)?.trim_ascii_start();
    let value = value.strip_prefix(b"=")?.trim_ascii_start();
    let (quote, value) = value.split_first()?;
    let is_quoted = matches!(quote, b'"' | b'\'');
    let label = value.get(..value.iter().position(|byte| byte == quote)?)?;
    let encoding = Encoding::for_label(label).filter(|_| is_quoted)?;
    Some(encoding.of_declaration())
}

const UTF_16: &str = "\
    csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff unicodefffe utf-16 utf-16be utf-16le";

const STATEFUL: &str = "\
    csiso2022jp csiso2022kr hz-gb-2312 iso-2022-cn iso-2022-cn-ext iso-2022-jp iso-2022-kr replacement";

/// The most frequent one first.
const SUPERSETS: &str = "utf-8 \
    866 ansi_x3.4-1968 arabic ascii asmo-708 big5 big5-hkscs chinese cn-big5 cp1250 cp1251 cp1252 cp1253 \
    cp1254 cp1255 cp1256 cp1257 cp1258 cp819 cp866 csbig5 cseuckr cseucpkdfmtjapanese csgb2312 csibm866 \
    csiso58gb231280 csiso88596e csiso88596i csiso88598e csiso88598i csisolatin1 csisolatin2 csisolatin3 \
    csisolatin4 csisolatin5 csisolatin6 csisolatin9 csisolatinarabic csisolatincyrillic csisolatingreek \
    csisolatinhebrew cskoi8r csksc56011987 csmacintosh csshiftjis cyrillic dos-874 ecma-114 ecma-118 \
    elot_928 euc-jp euc-kr gb18030 gb2312 gb_2312 gb_2312-80 gbk greek greek8 hebrew ibm819 ibm866 \
    iso-8859-1 iso-8859-10 iso-8859-11 iso-8859-13 iso-8859-14 iso-8859-15 iso-8859-16 iso-8859-2 iso-8859-3 \
    iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-6-e iso-8859-6-i iso-8859-7 iso-8859-8 iso-8859-8-e \
    iso-8859-8-i iso-8859-9 iso-ir-100 iso-ir-101 iso-ir-109 iso-ir-110 iso-ir-126 iso-ir-127 iso-ir-138 \
    iso-ir-144 iso-ir-148 iso-ir-149 iso-ir-157 iso-ir-58 iso8859-1 iso8859-10 iso8859-11 iso8859-13 \
    iso8859-14 iso8859-15 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 \
    iso88591 iso885910 iso885911 iso885913 iso885914 iso885915 iso88592 iso88593 iso88594 iso88595 iso88596 \
    iso88597 iso88598 iso88599 iso_8859-1 iso_8859-15 iso_8859-1:1987 iso_8859-2 iso_8859-2:1987 iso_8859-3 \
    iso_8859-3:1988 iso_8859-4 iso_8859-4:1988 iso_8859-5 iso_8859-5:1988 iso_8859-6 iso_8859-6:1987 \
    iso_8859-7 iso_8859-7:1987 iso_8859-8 iso_8859-8:1988 iso_8859-9 iso_8859-9:1989 koi koi8 koi8-r koi8-ru \
    koi8-u koi8_r korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 l1 l2 l3 l4 l5 l6 l9 latin1 latin2 \
    latin3 latin4 latin5 latin6 logical mac macintosh ms932 ms_kanji shift-jis shift_jis sjis sun_eu_greek \
    tis-620 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 us-ascii utf8 visual windows-1250 windows-1251 \
    windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257 windows-1258 windows-31j \
    windows-874 windows-949 x-cp1250 x-cp1251 x-cp1252 x-cp1253 x-cp1254 x-cp1255 x-cp1256 x-cp1257 x-cp1258 \
    x-euc-jp x-gbk x-mac-cyrillic x-mac-roman x-mac-ukrainian x-sjis x-unicode20utf8 x-user-defined x-x-big5";
