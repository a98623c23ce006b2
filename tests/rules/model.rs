//! A second, naive reading of the two headers, to hold the crate's own against.

use std::collections::HashSet;

/// The parts of a `sentry-trace` value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) trace: String,
    pub(crate) span: String,
    pub(crate) sampled: Option<bool>,
}

/// The first value that is not blank, if it is of the one form that there is.
pub(crate) fn sentry_trace(headers: &[Vec<u8>]) -> Option<Parts> {
    let mut values = headers.iter().flat_map(|header| header.split(is(b',')));
    let value = values.find(|value| !value.trim_ascii().is_empty())?;
    let text = str::from_utf8(value).ok()?.trim_matches([' ', '\t']);
    let parts: Vec<&str> = text.split('-').collect();
    let (trace_id, span_id, sampled) = match parts[..] {
        [trace_id, span_id] => (trace_id, span_id, None),
        [trace_id, span_id, "1"] => (trace_id, span_id, Some(true)),
        [trace_id, span_id, "0"] => (trace_id, span_id, Some(false)),
        _ => return None,
    };
    (is_id(trace_id, 32) && is_id(span_id, 16)).then(|| Parts {
        trace: trace_id.to_owned(),
        span: span_id.to_owned(),
        sampled,
    })
}

fn is_id(text: &str, len: usize) -> bool {
    let is_digit = |digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
    text.len() == len && text.bytes().all(is_digit) && text.bytes().any(|digit| digit != b'0')
}

/// The well-formed `sentry-` entries, decoded; of several of one key the last.
pub(crate) fn entries(headers: &[Vec<u8>]) -> Vec<(String, String)> {
    let pieces = headers.iter().flat_map(|header| header.split(is(b',')));
    let mut entries: Vec<_> = pieces.filter_map(entry).collect();
    let mut seen = HashSet::new();
    entries.reverse();
    entries.retain(|(key, _)| seen.insert(key.clone()));
    entries.reverse();
    entries
}

fn entry(piece: &[u8]) -> Option<(String, String)> {
    let (key, value) = str::from_utf8(piece).ok()?.split_once('=')?;
    let key = decode(key)?;
    let key = key.strip_prefix("sentry-").filter(|key| !key.is_empty())?;
    Some((key.to_owned(), decode(value.split(';').next()?)?))
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = text.trim_matches([' ', '\t']).bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => hex(bytes.next()?)? << 4 | hex(bytes.next()?)?,
            b'\t' => byte,
            0..0x20 | 0x7f => return None,
            _ => byte,
        });
    }
    String::from_utf8(decoded).ok()
}

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

fn is(wanted: u8) -> impl Fn(&u8) -> bool {
    move |byte| *byte == wanted
}
