//! Reads headers into a baggage: a clean one is copied whole, all else entry by entry.

use std::collections::HashSet;

use super::entry::Entry;
use super::notes::Notes;
use super::{Baggage, clean};

/// Reads all headers as one list, and notes where the values are that the service itself reads.
pub(super) fn read<V: AsRef<[u8]>>(headers: impl IntoIterator<Item = V>) -> (Baggage, Notes) {
    let mut headers = headers.into_iter();
    // Hardly ever is there a second one, and a list of none needs no memory.
    let (first, others) = (headers.next(), headers.collect::<Vec<V>>());
    let only = first.as_ref().filter(|_| others.is_empty());
    only.and_then(|header| copy(header.as_ref()))
        .unwrap_or_else(|| rewrite(first.iter().chain(&others).map(AsRef::as_ref)))
}

/// The header as it is, if nothing in it has to be changed.
fn copy(header: &[u8]) -> Option<(Baggage, Notes)> {
    let mut notes = Notes::default();
    let is_clean = clean::read(header, |key, value| notes.note(key, value));
    let header = str::from_utf8(header).ok();
    let text = header.filter(|text| is_clean && text.len() <= Baggage::MAX_LEN)?;
    Some((Baggage::of_text(text.to_owned()), notes))
}

/// A list of what can be kept of the headers.
fn rewrite<'a>(headers: impl Iterator<Item = &'a [u8]>) -> (Baggage, Notes) {
    let mut entries = Vec::with_capacity(FEW);
    for header in headers {
        entries.extend(Entry::list(header));
    }
    keep_last_of_each_key(&mut entries);

    let len = entries.iter().map(Entry::len).sum::<usize>();
    if len > Baggage::MAX_LEN {
        entries.sort_by_key(|entry| !matches!(entry.key(), "trace_id" | "public_key"));
    }
    let mut baggage = Baggage::with_capacity(len.min(Baggage::MAX_LEN));
    let mut notes = Notes::default();
    for entry in &entries {
        if baggage.push_encoded(entry.key(), entry.value()) {
            let end = baggage.as_str().len();
            notes.note(entry.key().as_bytes(), end - entry.value().len()..end);
        }
    }
    (baggage, notes)
}

/// So many entries are compared with each other faster than by their hashes.
const FEW: usize = 16;

fn keep_last_of_each_key(entries: &mut Vec<Entry<'_>>) {
    if entries.len() <= FEW && are_distinct(entries) {
        return;
    }
    let mut seen = HashSet::with_capacity(entries.len());
    let mut last: Vec<bool> = entries
        .iter()
        .rev()
        .map(|entry| seen.insert(entry.key()))
        .collect();
    drop(seen);
    entries.retain(|_| last.pop() == Some(true));
}

fn are_distinct(entries: &[Entry<'_>]) -> bool {
    entries.iter().enumerate().all(|(at, entry)| {
        let mut before = entries.iter().take(at);
        before.all(|other| other.key() != entry.key())
    })
}
