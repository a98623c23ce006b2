//! Percent-encoding of baggage keys and values.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::{
    AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode,
};

/// All but what RFC 3986 calls unreserved: how our own values are written.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What a baggage value of somebody else may not hold raw: bytes that the W3C's grammar excludes,
/// and those that mean something to HTML or inside a quoted string.
const UNSAFE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'\\')
    .add(b',')
    .add(b';')
    .add(b'<')
    .add(b'>')
    .add(b'&')
    .add(b'\'')
    .add(b'`');

/// Writes text percent-encoded to the end of a string.
pub(super) struct Encoder<'a>(pub(super) &'a mut String);

impl fmt::Write for Encoder<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend(utf8_percent_encode(text, RESERVED));
        Ok(())
    }
}

/// Decodes what [`safe`] or [`canonical`] has let through.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

/// The value as it came, with unsafe bytes encoded; `None` for a control character or a percent
/// sequence that does not decode to UTF-8.
pub(super) fn safe(text: &str) -> Option<Cow<'_, str>> {
    let printable = !text.chars().any(|c| c.is_ascii_control() && c != '\t');
    (printable && decodes(text)).then(|| utf8_percent_encode(text, UNSAFE).into())
}

/// The one form of a key: decoded, then encoded in our own way, so that equal keys look equal.
pub(super) fn canonical(text: &str) -> Option<Cow<'_, str>> {
    if text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~'))
    {
        return Some(Cow::Borrowed(text));
    }
    let _checked = safe(text)?;
    let decoded = decode(text);
    Some(Cow::Owned(
        utf8_percent_encode(&decoded, RESERVED).to_string(),
    ))
}

fn decodes(text: &str) -> bool {
    !text.contains('%')
        || (has_whole_sequences(text) && percent_decode_str(text).decode_utf8().is_ok())
}

fn has_whole_sequences(text: &str) -> bool {
    text.split('%').skip(1).all(|rest| {
        matches!(rest.as_bytes(), [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
    })
}
