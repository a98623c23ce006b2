//! The `sentry-` entries of a `baggage` header, as text: how they are read and written.
//!
//! A header of nothing but well-formed entries, as Sentry's SDKs write them, is copied whole; any other is rewritten
//! entry by entry.

use std::borrow::Cow;
use std::collections::HashSet;
use std::mem;
use std::ops::Range;

use memchr::memchr_iter;

use super::{PREFIX, percent};

/// The maximum length of the text in bytes.
pub(super) const MAX_LEN: usize = 8192;

/// The ranges of those values of a baggage that the service itself reads; empty for a value that is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct EntryIndex {
    pub(super) org_id: ByteRange,
    pub(super) sample_rand: ByteRange,
    pub(super) sample_rate: ByteRange,
}

impl EntryIndex {
    fn add(&mut self, key: &[u8], value: Range<usize>) {
        match key {
            b"org_id" => self.org_id = value.into(),
            b"sample_rand" => self.sample_rand = value.into(),
            b"sample_rate" => self.sample_rate = value.into(),
            _ => {}
        }
    }
}

/// A range of bytes in a baggage, which is short enough for 16 bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ByteRange {
    start: u16,
    end: u16,
}

const _: () = assert!(MAX_LEN <= u16::MAX as usize);

impl ByteRange {
    pub(super) fn get(self, text: &str) -> &str {
        let range = usize::from(self.start)..usize::from(self.end);
        text.get(range).unwrap_or_default()
    }
}

impl From<Range<usize>> for ByteRange {
    fn from(range: Range<usize>) -> Self {
        let narrow = |at: usize| u16::try_from(at).unwrap_or_default();
        Self {
            start: narrow(range.start),
            end: narrow(range.end),
        }
    }
}

/// Reads all headers as one list.
pub(super) fn parse<V: AsRef<[u8]>>(headers: impl IntoIterator<Item = V>) -> (String, EntryIndex) {
    let mut headers = headers.into_iter();
    // There is hardly ever a second header, and an empty list does not allocate.
    let (first, others) = (headers.next(), headers.collect::<Vec<V>>());
    let only = first.as_ref().filter(|_| others.is_empty());
    only.and_then(|header| parse_verbatim(header.as_ref()))
        .unwrap_or_else(|| rewrite(first.iter().chain(&others).map(AsRef::as_ref)))
}

/// The header as it is; `None` if anything in it has to change.
fn parse_verbatim(header: &[u8]) -> Option<(String, EntryIndex)> {
    let mut index = EntryIndex::default();
    let mut keys = Keys::default();
    let mut rest = header;
    while !rest.is_empty() {
        let (key, value) = split_first(rest).filter(|(key, _)| keys.insert(key))?;
        let start = header.len() - value.len();
        let len = percent::plain_len(value);
        index.add(key, start..start + len);
        rest = match value.get(len..)? {
            [b',', next @ ..] if !next.is_empty() => next,
            [] => &[],
            _ => return None,
        };
    }
    let header = str::from_utf8(header).ok();
    let text = header.filter(|text| !text.is_empty() && text.len() <= MAX_LEN)?;
    Some((text.to_owned(), index))
}

/// The key of the first entry, and everything after its `=`.
fn split_first(list: &[u8]) -> Option<(&[u8], &[u8])> {
    let list = list.strip_prefix(PREFIX.as_bytes())?;
    let (key, rest) = list.split_at_checked(percent::unreserved_len(list))?;
    Some((key, rest.strip_prefix(b"=")?))
}

/// A set of keys in 64 bits. Two different keys may count as the same one.
#[derive(Default)]
struct Keys(u64);

impl Keys {
    /// Adds a key; `false` if it may be in the set already.
    fn insert(&mut self, key: &[u8]) -> bool {
        let [first, .., last] = key else {
            return false;
        };
        let mixed = first ^ last.rotate_left(3) ^ key.len().to_le_bytes()[0];
        let bit = 1 << (mixed % 64);
        let is_new = self.0 & bit == 0;
        self.0 |= bit;
        is_new
    }
}

/// A list of the entries that can be kept.
fn rewrite<'a>(headers: impl Iterator<Item = &'a [u8]>) -> (String, EntryIndex) {
    let mut entries = Vec::with_capacity(FEW);
    for header in headers {
        entries.extend(split_list(header).filter_map(Entry::parse));
    }
    keep_last_of_each_key(&mut entries);

    let len = entries.iter().map(Entry::len).sum::<usize>();
    if len > MAX_LEN {
        entries.sort_by_key(|entry| !is_vital(&entry.key));
    }
    let mut text = String::with_capacity(len.min(MAX_LEN));
    let mut index = EntryIndex::default();
    for entry in &entries {
        let write = |text: &mut String| {
            open(text, &entry.key);
            text.push_str(&entry.value);
        };
        if append(&mut text, MAX_LEN, write) {
            index.add(
                entry.key.as_bytes(),
                text.len() - entry.value.len()..text.len(),
            );
        }
    }
    (text, index)
}

/// Appends what `write` writes to a list, and returns whether the list stays within `limit`. If it does not, the list
/// is left as it was.
#[inline]
pub(super) fn append(text: &mut String, limit: usize, write: impl FnOnce(&mut String)) -> bool {
    let len = text.len();
    if len > 0 {
        text.push(',');
    }
    write(text);
    let fits = text.len() <= limit;
    if !fits {
        text.truncate(len);
    }
    fits
}

/// Writes an entry up to its value.
pub(super) fn open(text: &mut String, key: &str) {
    text.push_str(PREFIX);
    text.push_str(key);
    text.push('=');
}

/// Whether the other entries mean nothing without the one with this key, which is named without `sentry-`.
pub(super) fn is_vital(key: &str) -> bool {
    matches!(key, "trace_id" | "public_key")
}

/// Up to this many entries, comparing all pairs is faster than hashing.
const FEW: usize = 16;

fn keep_last_of_each_key(entries: &mut Vec<Entry<'_>>) {
    if entries.len() <= FEW && are_distinct(entries) {
        return;
    }
    let mut seen = HashSet::with_capacity(entries.len());
    let mut last: Vec<bool> = entries
        .iter()
        .rev()
        .map(|entry| seen.insert(&*entry.key))
        .collect();
    drop(seen);
    entries.retain(|_| last.pop() == Some(true));
}

fn are_distinct(entries: &[Entry<'_>]) -> bool {
    entries.iter().enumerate().all(|(at, entry)| {
        let mut before = entries.iter().take(at);
        before.all(|other| other.key != entry.key)
    })
}

/// The parts of a comma-separated list, at least one.
pub(super) fn split_list(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    list_ranges(list).filter_map(|range| list.get(range))
}

/// The ranges of the members of a comma-separated list.
pub(super) fn list_ranges(list: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let ends = memchr_iter(b',', list).chain([list.len()]);
    ends.scan(0, |start, end| Some(mem::replace(start, end + 1)..end))
}

/// A well-formed `sentry-` entry: its key without the prefix and its value, both encoded.
struct Entry<'a> {
    key: Cow<'a, str>,
    value: Cow<'a, str>,
}

impl<'a> Entry<'a> {
    fn parse(entry: &'a [u8]) -> Option<Self> {
        let entry = str::from_utf8(entry).ok()?;
        let (key, value) = entry.split_once('=')?;
        let key = match percent::canonical(trim(key))? {
            Cow::Borrowed(key) => Cow::Borrowed(key.strip_prefix(PREFIX)?),
            Cow::Owned(key) => Cow::Owned(key.strip_prefix(PREFIX)?.to_owned()),
        };
        let value = if percent::plain_len(value.as_bytes()) == value.len() {
            Cow::Borrowed(value)
        } else {
            let (value, _properties) = value.split_once(';').unwrap_or((value, ""));
            percent::safe(trim(value))?
        };
        (!key.is_empty()).then_some(Self { key, value })
    }

    /// How many bytes it takes in a list, with the comma before it and the `=` inside.
    fn len(&self) -> usize {
        PREFIX.len() + self.key.len() + self.value.len() + 2
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

#[cfg(test)]
mod tests {
    use super::Keys;

    #[test]
    fn the_keys_of_the_specification_are_told_apart() {
        let mut keys = Keys::default();
        for key in [
            "trace_id",
            "public_key",
            "sample_rate",
            "sample_rand",
            "sampled",
            "release",
            "environment",
            "transaction",
            "org_id",
            "replay_id",
            "user_id",
            "user_segment",
        ] {
            assert!(keys.insert(key.as_bytes()), "{key}");
        }
        assert!(!keys.insert(b"trace_id"));
    }
}
