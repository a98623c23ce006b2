//! The two ids of a trace, and the source of new ones.

use std::fmt;
use std::str::FromStr;

use const_hex::Buffer;
use uuid::Uuid;

use crate::error::{ParseError, ParseErrorKind};
use crate::text::{WriteTo, serde_as_text};

/// The id of a trace: 16 bytes, written as 32 lower-case hex digits, never all zero.
///
/// A new id is a [UUID v4]. Parsing is strict, as it is in the browser SDK: upper case, dashes and
/// white space are refused.
///
/// ```
/// use sentry_ssr::TraceId;
///
/// let id: TraceId = "771a43a4192642f0b136d5159a501700".parse()?;
/// assert_eq!(id.to_string(), "771a43a4192642f0b136d5159a501700");
/// assert!("771A43A4192642F0B136D5159A501700".parse::<TraceId>().is_err());
/// # Ok::<_, sentry_ssr::ParseError>(())
/// ```
///
/// [UUID v4]: https://develop.sentry.dev/sdk/foundations/trace-propagation/
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[must_use]
pub struct TraceId([u8; 16]);

/// The id of a span: 8 bytes, written as 16 lower-case hex digits, never all zero.
///
/// ```
/// use sentry_ssr::SpanId;
///
/// let id: SpanId = "b7ad6b7169203331".parse()?;
/// assert_eq!(id.as_bytes()[0], 0xb7);
/// assert!("0000000000000000".parse::<SpanId>().is_err());
/// # Ok::<_, sentry_ssr::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[must_use]
pub struct SpanId([u8; 8]);

impl TraceId {
    /// A new random id.
    pub fn random() -> Self {
        Self(new_uuid().into_bytes())
    }

    /// The id of these bytes, or `None` if all of them are zero.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Option<Self> {
        (bytes != [0; 16]).then_some(Self(bytes))
    }

    /// The 16 bytes, most significant first.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl SpanId {
    /// A new random id.
    pub fn random() -> Self {
        // Version and variant are fixed bits, at different places in the two halves of a UUID: combined,
        // every bit is random.
        let (high, low) = new_uuid().as_u64_pair();
        Self::from_bytes((high ^ low.rotate_left(32)).to_be_bytes()).unwrap_or(Self([1; 8]))
    }

    /// The id of these bytes, or `None` if all of them are zero.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 8]) -> Option<Self> {
        (bytes != [0; 8]).then_some(Self(bytes))
    }

    /// The 8 bytes, most significant first.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

/// A random UUID v4, or the next of [`counter`] if a test has fixed the ids.
fn new_uuid() -> Uuid {
    #[cfg(feature = "testing")]
    if let Some(uuid) = counter::next() {
        return uuid;
    }
    Uuid::new_v4()
}

/// Ids that count up, for [`FixedIds`](crate::testing::FixedIds).
#[cfg(feature = "testing")]
pub(crate) mod counter {
    use std::cell::Cell;

    use uuid::{Builder, Uuid};

    thread_local! {
        static NEXT: Cell<Option<u128>> = const { Cell::new(None) };
    }

    pub(super) fn next() -> Option<Uuid> {
        let count = NEXT.try_with(Cell::get).ok()??;
        NEXT.set(Some(count + 1));
        Some(Builder::from_random_bytes(count.to_be_bytes()).into_uuid())
    }

    /// Sets the count on this thread and returns the previous one; `None` means random ids.
    pub(crate) fn replace(count: Option<u128>) -> Option<u128> {
        NEXT.try_with(|next| next.replace(count)).ok()?
    }
}

fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    // `decode_to_slice` skips a prefix `0x`, so the length is checked here.
    let is_whole = text.len() == 2 * N;
    let is_lower = !text.bytes().any(|digit| digit.is_ascii_uppercase());
    let mut bytes = [0; N];
    let is_hex = const_hex::decode_to_slice(text, &mut bytes).is_ok();
    (is_whole && is_lower && is_hex).then_some(bytes)
}

impl FromStr for TraceId {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        decode(text)
            .and_then(Self::from_bytes)
            .ok_or(ParseError::new(ParseErrorKind::TraceId))
    }
}

impl FromStr for SpanId {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        decode(text)
            .and_then(Self::from_bytes)
            .ok_or(ParseError::new(ParseErrorKind::SpanId))
    }
}

impl WriteTo for TraceId {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        out.write_str(Buffer::<16>::new().format(&self.0))
    }
}

impl WriteTo for SpanId {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        out.write_str(Buffer::<8>::new().format(&self.0))
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TraceId({self})")
    }
}

impl fmt::Debug for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SpanId({self})")
    }
}

serde_as_text! {
    TraceId: "32 lower-case hex digits, not all zero",
    SpanId: "16 lower-case hex digits, not all zero",
}
