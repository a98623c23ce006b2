//! Baggage headers that need no change: nothing but well-formed `sentry-` entries, none of them twice.
//!
//! Sentry's SDKs write them so. They are copied whole, after one look at each of their bytes.

use std::ops::Range;

use super::entry::Entry;
use super::percent;

/// Shows each key with the place of its value, as far as the header is clean; whether all of it is.
pub(super) fn read<'a>(header: &'a [u8], mut show: impl FnMut(&'a [u8], Range<usize>)) -> bool {
    let mut keys = Keys::default();
    let mut rest = header;
    while let Some((key, value)) = entry(rest).filter(|(key, _)| keys.add(key)) {
        let start = header.len() - value.len();
        let len = percent::plain_len(value);
        show(key, start..start + len);
        match value.get(len..) {
            Some([b',', behind @ ..]) => rest = behind,
            Some([]) => return true,
            _ => return false,
        }
    }
    false
}

/// The key of the first entry, and all that stands behind its `=`.
fn entry(list: &[u8]) -> Option<(&[u8], &[u8])> {
    let list = list.strip_prefix(Entry::PREFIX.as_bytes())?;
    let (key, rest) = list.split_at_checked(percent::unreserved_len(list))?;
    Some((key, rest.strip_prefix(b"=")?))
}

/// A set of keys, told apart by so little that two different ones may be taken for the same.
#[derive(Default)]
struct Keys(u64);

impl Keys {
    /// Adds a key; `false` where it may be there already.
    fn add(&mut self, key: &[u8]) -> bool {
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
            assert!(keys.add(key.as_bytes()), "{key}");
        }
        assert!(!keys.add(b"trace_id"));
    }
}
