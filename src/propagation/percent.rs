//! Percent-encoding of baggage keys and values.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::string::FromUtf8Error;

use percent_encoding::{
    AsciiSet, CONTROLS, percent_decode_str, percent_encode_byte, utf8_percent_encode,
};

/// The bytes that are encoded in a value from outside: those that the W3C's grammar excludes, and those that are
/// special in HTML or in a quoted string.
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

/// The unreserved characters of RFC 3986. In our own values all others are encoded.
static UNRESERVED: ByteSet =
    ByteSet::of(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

/// Visible ASCII except [`UNSAFE`] and `%`.
static PLAIN: ByteSet = ByteSet::of(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!#$()*+/:=?@[]^{|}",
);

/// A set of bytes, as a lookup table.
struct ByteSet([bool; 256]);

impl ByteSet {
    #[expect(clippy::indexing_slicing, reason = "done by the compiler")]
    const fn of(bytes: &[u8]) -> Self {
        let mut table = [false; 256];
        let mut at = 0;
        while at < bytes.len() {
            table[bytes[at] as usize] = true;
            at += 1;
        }
        Self(table)
    }

    fn has(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte)) == Some(&true)
    }

    /// The number of bytes at the start of a text that are in the set.
    fn len_of(&self, text: &[u8]) -> usize {
        let is_other = |byte: &u8| !self.has(*byte);
        text.iter().position(is_other).unwrap_or(text.len())
    }

    fn has_all(&self, text: &str) -> bool {
        text.bytes().all(|byte| self.has(byte))
    }
}

/// Appends text to a string, and percent-encodes everything but the unreserved characters.
pub(super) struct Encoder<'a>(pub(super) &'a mut String);

impl fmt::Write for Encoder<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            if UNRESERVED.has(byte) {
                self.0.push(char::from(byte));
            } else {
                self.0.push_str(percent_encode_byte(byte));
            }
        }
        Ok(())
    }
}

/// Decodes a text that [`safe`] or [`canonical`] has accepted.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.as_bytes().contains(&b'%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    bytes.extend(percent_decode_str(text));
    let lossy = |error: FromUtf8Error| String::from_utf8_lossy(error.as_bytes()).into_owned();
    Cow::Owned(String::from_utf8(bytes).unwrap_or_else(lossy))
}

/// The canonical form of a decoded key.
pub(super) fn encode(key: &str) -> Cow<'_, str> {
    if UNRESERVED.has_all(key) {
        return Cow::Borrowed(key);
    }
    let mut encoded = String::new();
    let _infallible = Encoder(&mut encoded).write_str(key);
    Cow::Owned(encoded)
}

/// The value as it came, with unsafe bytes encoded; `None` if it contains a control character or a percent sequence
/// that does not decode to UTF-8.
pub(super) fn safe(text: &str) -> Option<Cow<'_, str>> {
    let printable = !text.chars().any(|c| c.is_ascii_control() && c != '\t');
    (printable && decodes(text)).then(|| utf8_percent_encode(text, UNSAFE).into())
}

/// The canonical form of a key: decoded and encoded again, so that equal keys are equal texts.
pub(super) fn canonical(text: &str) -> Option<Cow<'_, str>> {
    if UNRESERVED.has_all(text) {
        return Some(Cow::Borrowed(text));
    }
    let _checked = safe(text)?;
    Some(Cow::Owned(encode(&decode(text)).into_owned()))
}

/// The number of bytes at the start that need no further check and no encoding: nearly always all of them.
pub(super) fn plain_len(text: &[u8]) -> usize {
    let mut rest = text;
    loop {
        rest = rest.get(PLAIN.len_of(rest)..).unwrap_or_default();
        match rest {
            [b'%', b'0'..=b'7', low, behind @ ..] if low.is_ascii_hexdigit() => rest = behind,
            _ => return text.len() - rest.len(),
        }
    }
}

/// The number of bytes at the start that the canonical form of a key keeps.
pub(super) fn unreserved_len(text: &[u8]) -> usize {
    UNRESERVED.len_of(text)
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
