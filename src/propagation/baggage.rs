//! The `baggage` of a trace: its entries, in wire form.

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use memchr::memchr;

use super::entries::{self, ByteRange, list_ranges, open, split_list};
use super::{PREFIX, percent};
use crate::text::{WriteTo, serde_as_text};

/// The `sentry-` entries of a `baggage` header, in wire form: `sentry-<key>=<value>,…`.
///
/// Keys and values are percent-encoded UTF-8. Parsing keeps every entry as it came, whether its key is
/// known or not, with three exceptions:
///
/// 1. entries of other vendors and the `;properties` of an entry are dropped;
/// 2. a byte that is not allowed in a header or that is special in HTML is percent-encoded;
/// 3. a malformed entry (no `=`, no key, a bad percent sequence, not UTF-8, a control character) is
///    dropped, the others are kept; of several entries with one key the last one wins.
///
/// The text is never longer than [`Baggage::MAX_LEN`] bytes: an entry that does not fit is dropped
/// whole, `trace_id` and `public_key` last.
///
/// ```
/// use sentry_ssr::Baggage;
///
/// let baggage = Baggage::parse(["vendor=1, sentry-release=app%401.0;p=2,sentry-org_id=7"]);
/// assert_eq!(baggage.as_str(), "sentry-release=app%401.0,sentry-org_id=7");
/// assert_eq!(baggage.get("release").as_deref(), Some("app@1.0"));
/// ```
///
/// Sources: <https://www.w3.org/TR/baggage/>,
/// <https://develop.sentry.dev/sdk/foundations/trace-propagation/#header-baggage>
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[must_use]
pub struct Baggage {
    text: String,
}

impl Baggage {
    /// The maximum length in bytes: the W3C specification requires that baggage up to this length is propagated.
    pub const MAX_LEN: usize = entries::MAX_LEN;

    /// Parses all `baggage` headers of a message as one list.
    pub fn parse<V: AsRef<[u8]>>(headers: impl IntoIterator<Item = V>) -> Self {
        Self::from_wire(entries::parse(headers).0)
    }

    /// The baggage whose wire form is `text`.
    pub(crate) const fn from_wire(text: String) -> Self {
        Self { text }
    }

    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self {
            text: String::with_capacity(capacity),
        }
    }

    /// The value of the header. It needs no escaping in HTML, and is empty if there are no entries.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether there are no entries. An empty baggage is not sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The decoded value of `sentry-<key>`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Cow<'_, str>> {
        self.encoded_value(&percent::encode(key))
            .map(percent::decode)
    }

    fn encoded_value(&self, key: &str) -> Option<&str> {
        let value = split_list(self.text.as_bytes()).find_map(|entry| {
            let entry = entry.strip_prefix(PREFIX.as_bytes())?;
            entry.strip_prefix(key.as_bytes())?.strip_prefix(b"=")
        });
        str::from_utf8(value?).ok()
    }

    /// All entries in order, as decoded keys (without `sentry-`) and values.
    pub fn iter(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        self.encoded()
            .map(|(key, value)| (percent::decode(key), percent::decode(value)))
    }

    fn encoded(&self) -> impl Iterator<Item = (&str, &str)> {
        let entries = list_ranges(self.text.as_bytes());
        entries.filter_map(|range| split(self.text.get(range)?))
    }

    /// The decoded value in this range.
    pub(super) fn value_at(&self, range: ByteRange) -> Cow<'_, str> {
        percent::decode(range.get(&self.text))
    }

    /// Adds an entry and encodes its value; drops it if it does not fit.
    pub(crate) fn push(&mut self, key: &str, value: &(impl WriteTo + ?Sized)) {
        self.push_within(Self::MAX_LEN, key, value);
    }

    /// Adds an entry and encodes its value; drops it if the text would get longer than `limit`.
    pub(crate) fn push_within(&mut self, limit: usize, key: &str, value: &(impl WriteTo + ?Sized)) {
        entries::append(&mut self.text, limit, |text| {
            open(text, key);
            let _infallible = value.write_to(&mut percent::Encoder(text));
        });
    }

    /// Adds an entry whose value needs no encoding. It starts with `opening`, the [`opening!`] of its key.
    #[inline]
    pub(crate) fn push_plain(&mut self, opening: &str, value: &(impl WriteTo + ?Sized)) {
        entries::append(&mut self.text, Self::MAX_LEN, |text| {
            text.push_str(opening);
            let _infallible = value.write_to(text);
        });
    }

    /// Adds all entries of another baggage, or none if they do not fit.
    pub(crate) fn append(&mut self, other: &Self) {
        if !other.is_empty() {
            entries::append(&mut self.text, Self::MAX_LEN, |text| {
                text.push_str(&other.text);
            });
        }
    }

    /// Removes an entry.
    pub(crate) fn remove(&mut self, key: &str) {
        if self.encoded_value(key).is_none() {
            return;
        }
        let is_other = |entry: &&str| split(entry).is_none_or(|(other, _)| other != key);
        let kept: Vec<&str> = self.text.split(',').filter(is_other).collect();
        self.text = kept.join(",");
    }
}

fn split(entry: &str) -> Option<(&str, &str)> {
    let entry = entry.strip_prefix(PREFIX)?;
    let (key, value) = entry.split_at_checked(memchr(b'=', entry.as_bytes())?)?;
    Some((key, value.strip_prefix('=')?))
}

/// The start of an entry with this key.
macro_rules! opening {
    ($key:literal) => {
        concat!("sentry-", $key, "=")
    };
}

pub(crate) use opening;

const _: () = assert!(opening!("").len() == PREFIX.len() + 1);

impl FromStr for Baggage {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::parse([text]))
    }
}

impl WriteTo for Baggage {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl fmt::Display for Baggage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

serde_as_text! {
    Baggage: "the value of a baggage header",
}
