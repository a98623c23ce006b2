use std::borrow::Cow;

use super::{list, percent};

/// One `sentry-` entry of a baggage list: its key without the prefix and its value, both encoded.
pub(super) struct Entry<'a> {
    key: Cow<'a, str>,
    value: Cow<'a, str>,
}

impl<'a> Entry<'a> {
    pub(super) const PREFIX: &'static str = "sentry-";

    /// The well-formed `sentry-` entries of a comma-separated list.
    pub(super) fn list(header: &'a [u8]) -> impl Iterator<Item = Self> {
        list::split(header).filter_map(Self::parse)
    }

    fn parse(entry: &'a [u8]) -> Option<Self> {
        let entry = str::from_utf8(entry).ok()?;
        let (key, value) = entry.split_once('=')?;
        let key = match percent::canonical(trim(key))? {
            Cow::Borrowed(key) => Cow::Borrowed(key.strip_prefix(Self::PREFIX)?),
            Cow::Owned(key) => Cow::Owned(key.strip_prefix(Self::PREFIX)?.to_owned()),
        };
        let value = if percent::plain_len(value.as_bytes()) == value.len() {
            Cow::Borrowed(value)
        } else {
            let (value, _properties) = value.split_once(';').unwrap_or((value, ""));
            percent::safe(trim(value))?
        };
        (!key.is_empty()).then_some(Self { key, value })
    }

    pub(super) fn key(&self) -> &str {
        &self.key
    }

    pub(super) fn value(&self) -> &str {
        &self.value
    }

    /// How many bytes it takes in a list, with the comma before it and the `=` inside.
    pub(super) fn len(&self) -> usize {
        Self::PREFIX.len() + self.key.len() + self.value.len() + 2
    }
}

fn trim(text: &str) -> &str {
    let is_blank = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t'));
    let bytes = text.as_bytes();
    if is_blank(bytes.first()) || is_blank(bytes.last()) {
        text.trim_matches([' ', '\t'])
    } else {
        text
    }
}
