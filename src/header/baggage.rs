use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use super::entry::Entry;
use super::notes::Place;
use super::read::read;
use super::{list, percent};
use crate::text::{WriteTo, serde_as_text};

/// The `sentry-` entries of a `baggage` header, in wire form: `sentry-<key>=<value>,…`.
///
/// Keys and values are percent-encoded UTF-8. What is read from a header is kept as it came, known
/// key or not, but for three things:
///
/// 1. entries of other vendors and the `;properties` of an entry are left out;
/// 2. a byte that has no place in a header or that means something to HTML is percent-encoded;
/// 3. an entry that is malformed (no `=`, no key, a bad percent sequence, not UTF-8, a control
///    character) is left out alone; of several entries of one key the last one is kept.
///
/// The text never gets longer than [`Baggage::MAX_LEN`] bytes: an entry that would not fit is left
/// out whole, and `trace_id` and `public_key` are the first to get a place.
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
    /// How many bytes of baggage are sent at most, as the W3C asks for.
    pub const MAX_LEN: usize = 8192;

    /// Reads all `baggage` headers of a message as one list.
    pub fn parse<V: AsRef<[u8]>>(headers: impl IntoIterator<Item = V>) -> Self {
        read(headers).0
    }

    /// The baggage of a text that is in wire form already.
    pub(super) const fn of_text(text: String) -> Self {
        Self { text }
    }

    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self {
            text: String::with_capacity(capacity),
        }
    }

    /// The value of the header, in which nothing needs escaping in HTML; empty without entries.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether there is no entry at all. An empty baggage is not sent.
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
        let value = list::split(self.text.as_bytes()).find_map(|entry| {
            let entry = entry.strip_prefix(Entry::PREFIX.as_bytes())?;
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
        self.text.split(',').filter_map(split)
    }

    /// The value that was noted to stand there.
    pub(super) fn value_at(&self, place: Place) -> Cow<'_, str> {
        percent::decode(place.get(&self.text))
    }

    /// Adds an entry that is encoded already; whether it fits.
    pub(super) fn push_encoded(&mut self, key: &str, value: &str) -> bool {
        self.add(Self::MAX_LEN, |text| {
            open(text, key);
            text.push_str(value);
        })
    }

    /// Adds an entry, encoding its value; leaves it out where it does not fit.
    pub(crate) fn push(&mut self, key: &str, value: &(impl WriteTo + ?Sized)) {
        self.push_within(Self::MAX_LEN, key, value);
    }

    /// Adds an entry, encoding its value; leaves it out where it makes the text longer than `limit`.
    pub(crate) fn push_within(&mut self, limit: usize, key: &str, value: &(impl WriteTo + ?Sized)) {
        self.add(limit, |text| {
            open(text, key);
            let _infallible = value.write_to(&mut percent::Encoder(text));
        });
    }

    /// Adds an entry that begins with `opening`, [`opening!`] of its key, and whose value needs no
    /// encoding.
    #[inline]
    pub(crate) fn push_plain(&mut self, opening: &str, value: &(impl WriteTo + ?Sized)) {
        self.add(Self::MAX_LEN, |text| {
            text.push_str(opening);
            let _infallible = value.write_to(text);
        });
    }

    /// Adds entries that are baggage already, all or none of them.
    pub(crate) fn append(&mut self, other: &Self) {
        if !other.is_empty() {
            self.add(Self::MAX_LEN, |text| text.push_str(&other.text));
        }
    }

    /// Takes an entry out.
    pub(crate) fn remove(&mut self, key: &str) {
        if self.encoded_value(key).is_none() {
            return;
        }
        let is_other = |entry: &&str| split(entry).is_none_or(|(other, _)| other != key);
        let kept: Vec<&str> = self.text.split(',').filter(is_other).collect();
        self.text = kept.join(",");
    }

    #[inline]
    fn add(&mut self, limit: usize, write: impl FnOnce(&mut String)) -> bool {
        let len = self.text.len();
        if len > 0 {
            self.text.push(',');
        }
        write(&mut self.text);
        let fits = self.text.len() <= limit;
        if !fits {
            self.text.truncate(len);
        }
        fits
    }
}

fn split(entry: &str) -> Option<(&str, &str)> {
    entry.strip_prefix(Entry::PREFIX)?.split_once('=')
}

/// How the entry of a key of ours begins.
macro_rules! opening {
    ($key:literal) => {
        concat!("sentry-", $key, "=")
    };
}

pub(crate) use opening;

const _: () = assert!(opening!("").len() == Entry::PREFIX.len() + 1);

fn open(text: &mut String, key: &str) {
    text.push_str(Entry::PREFIX);
    text.push_str(key);
    text.push('=');
}

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
