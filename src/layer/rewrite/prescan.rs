//! The declaration of a page's encoding, found as a browser finds it.
//!
//! Source: [HTML, 13.2.3.2](https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding).

use super::attributes::{Attributes, is_space};
use super::encoding::Encoding;

/// A browser looks for the declaration in so many bytes of a page.
pub(super) const PRESCAN_BYTES: usize = 1024;

/// What the first bytes of a page say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Declaration {
    /// Nothing so far; more bytes may.
    Missing,
    /// An encoding, in an element that ends at this offset.
    Found(Encoding, usize),
}

/// Looks through the first [`PRESCAN_BYTES`] of a page.
pub(super) fn prescan(page: &[u8]) -> Declaration {
    let page = page.get(..PRESCAN_BYTES).unwrap_or(page);
    let found = metas(page).find_map(|meta| Some((declared(meta.attributes())?, meta.end)));
    match found.or_else(|| xml_encoding(page)) {
        Some((encoding, end)) => Declaration::Found(encoding, end),
        None => Declaration::Missing,
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
    /// Its attributes; of several with one name the first counts.
    pub(super) fn attributes(&self) -> Attributes<'a> {
        Attributes::new(self.tail)
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a [u8]> {
        let mut attributes = self.attributes();
        let is_it = |found: &[u8]| found.eq_ignore_ascii_case(name.as_bytes());
        attributes.find_map(|(found, value)| is_it(found).then_some(value))
    }
}

/// The `<meta>` elements of a page, but for those in comments and in the attributes of other tags.
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
/// follow. `None` where the bytes run out.
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
pub(super) fn charset_of(value: &[u8]) -> Option<&[u8]> {
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

/// What an XML declaration says that opens the page.
fn xml_encoding(page: &[u8]) -> Option<(Encoding, usize)> {
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
    Some((encoding.of_declaration(), 0))
}
