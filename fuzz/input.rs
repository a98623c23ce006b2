//! How an input becomes headers, and a page in pieces.

#![allow(dead_code, reason = "not all of it is used by each target")]

use http::{HeaderName, HeaderValue};

/// A line such as `name: value`.
pub(crate) fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = HeaderName::from_bytes(&line[..colon]).ok()?;
    let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?;
    Some((name, value))
}

/// Pieces of these lengths, in turn.
pub(crate) fn cut(mut page: &[u8], lengths: [usize; 2]) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    let mut lengths = lengths.into_iter().map(|length| length.max(1)).cycle();
    while let Some(length) = lengths.next().filter(|_| !page.is_empty()) {
        let (piece, rest) = page.split_at(length.min(page.len()));
        pieces.push(piece.to_vec());
        page = rest;
    }
    pieces
}
