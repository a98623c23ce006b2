//! Comma-separated lists.

use memchr::memchr_iter;

/// The parts of a list, one at least.
pub(super) fn split(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut start = 0;
    memchr_iter(b',', list)
        .chain([list.len()])
        .filter_map(move |end| {
            let part = list.get(start..end);
            start = end + 1;
            part
        })
}
