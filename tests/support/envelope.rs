//! An envelope, read from the bytes that went over the wire.
//!
//! Source: <https://develop.sentry.dev/sdk/foundations/transport/envelopes/>

use serde_json::Value;

#[derive(Debug, Clone)]
pub(crate) struct Envelope {
    pub(crate) header: Value,
    pub(crate) items: Vec<Item>,
}

#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) header: Value,
    /// `null` where it is not JSON.
    pub(crate) payload: Value,
    pub(crate) bytes: Vec<u8>,
}

impl Envelope {
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let (header, mut rest) = split_line(bytes);
        let header = serde_json::from_slice(header).expect("an envelope begins with JSON");
        let mut items = Vec::new();
        while !rest.is_empty() {
            let (item, next) = Item::parse(rest);
            items.push(item);
            rest = next;
        }
        Self { header, items }
    }

    /// The payloads of all items of a kind, such as `transaction` or `event`.
    pub(crate) fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.items
            .iter()
            .filter(move |item| item.kind() == kind)
            .map(|item| &item.payload)
    }
}

impl Item {
    fn parse(bytes: &[u8]) -> (Self, &[u8]) {
        let (header, rest) = split_line(bytes);
        let header: Value = serde_json::from_slice(header).expect("an item begins with JSON");
        let (payload, rest) = match header["length"].as_u64() {
            Some(length) => {
                let (payload, rest) = rest.split_at(usize::try_from(length).unwrap());
                (payload, rest.strip_prefix(b"\n").unwrap_or(rest))
            }
            None => split_line(rest),
        };
        let item = Self {
            payload: serde_json::from_slice(payload).unwrap_or_default(),
            bytes: payload.to_owned(),
            header,
        };
        (item, rest)
    }

    pub(crate) fn kind(&self) -> &str {
        self.header["type"].as_str().unwrap_or_default()
    }
}

fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &[]),
    }
}
