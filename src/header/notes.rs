use std::ops::Range;

use super::Baggage;

/// Where in a baggage the values stand that the service itself reads; an empty place for none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Notes {
    pub(super) org_id: Place,
    pub(super) sample_rand: Place,
    pub(super) sample_rate: Place,
}

/// A range of bytes, in as little room as the length of a baggage allows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    start: u16,
    end: u16,
}

const _: () = assert!(Baggage::MAX_LEN <= u16::MAX as usize);

impl Place {
    pub(super) fn get(self, text: &str) -> &str {
        let range = usize::from(self.start)..usize::from(self.end);
        text.get(range).unwrap_or_default()
    }
}

impl From<Range<usize>> for Place {
    fn from(range: Range<usize>) -> Self {
        let narrow = |at: usize| u16::try_from(at).unwrap_or_default();
        Self {
            start: narrow(range.start),
            end: narrow(range.end),
        }
    }
}

impl Notes {
    pub(super) fn note(&mut self, key: &[u8], value: Range<usize>) {
        match key {
            b"org_id" => self.org_id = value.into(),
            b"sample_rand" => self.sample_rand = value.into(),
            b"sample_rate" => self.sample_rate = value.into(),
            _ => {}
        }
    }
}
