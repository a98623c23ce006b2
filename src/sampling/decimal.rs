//! Numbers from 0 to 1 as decimals, so that they compare as the digits on the wire do.

use std::fmt;

pub(super) const MILLION: u32 = 1_000_000;

/// How many decimals each half of [`Decimal::beyond`] has.
const HALF: u32 = 16;

/// A number from 0 to 1, exact to 38 decimals.
///
/// Nearly all numbers have six decimals at most. They are whole millionths, and `beyond` is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Decimal {
    // In the order in which numbers are compared.
    millionths: u32,
    /// The decimals from the seventh on.
    beyond: [u64; 2],
}

impl Decimal {
    pub(super) const ZERO: Self = Self::from_millionths(0);
    pub(super) const ONE: Self = Self::from_millionths(MILLION);

    pub(super) const fn from_millionths(millionths: u32) -> Self {
        Self {
            millionths,
            beyond: [0; 2],
        }
    }

    /// The shortest decimal that reads back as this number; `None` if it is not from 0 to 1.
    pub(super) fn from_f64(number: f64) -> Option<Self> {
        match whole_millionths(number) {
            Some(millionths) => Some(Self::from_millionths(millionths)),
            None => Self::parse(&number.to_string()),
        }
    }

    /// Reads digits with an optional sign, point and exponent. The decimals from the 39th on are cut off.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (is_negative, text) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            text => (false, text),
        };
        let (digits, exponent) = split_exponent(text)?;
        let point = digits.iter().position(|byte| *byte == b'.');
        let (whole, fraction) = match point {
            Some(at) => (digits.get(..at)?, digits.get(at + 1..)?),
            None => (digits, &[][..]),
        };
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let whole_digits = i64::try_from(whole.len()).ok()?;
        let mut reader = Reader::starting_at(1_i64.saturating_sub(whole_digits + exponent));
        for byte in whole.iter().chain(fraction) {
            reader.push(*byte)?;
        }
        reader.finish(is_negative)
    }

    /// The smallest number of whole millionths that is not below this one.
    pub(super) fn millionths_rounded_up(self) -> u32 {
        self.millionths + u32::from(self.beyond != [0; 2])
    }

    pub(super) fn to_f64(self) -> f64 {
        if self.beyond == [0; 2] {
            return f64::from(self.millionths) / f64::from(MILLION);
        }
        let mut text = String::new();
        let _infallible = self.write_shortest(&mut text);
        text.parse().unwrap_or_default()
    }

    /// Writes it with six decimals or all that it has: `0.250000`.
    pub(super) fn write_padded<W: fmt::Write + ?Sized>(self, out: &mut W) -> fmt::Result {
        out.write_str(if self.millionths < MILLION {
            "0."
        } else {
            "1."
        })?;
        out.write_str(pair(self.millionths / 10_000))?;
        out.write_str(pair(self.millionths / 100))?;
        out.write_str(pair(self.millionths))?;
        if self.beyond == [0; 2] {
            return Ok(());
        }
        let [first, second] = self.beyond;
        let beyond = format!("{first:016}{second:016}");
        out.write_str(beyond.trim_end_matches('0'))
    }

    /// Writes it with no more decimals than it has: `0.25`.
    pub(super) fn write_shortest<W: fmt::Write + ?Sized>(self, out: &mut W) -> fmt::Result {
        if self.beyond != [0; 2] {
            return self.write_padded(out);
        }
        out.write_str(if self.millionths < MILLION { "0" } else { "1" })?;
        let mut rest = self.millionths % MILLION;
        if rest > 0 {
            out.write_str(".")?;
        }
        let mut unit = MILLION / 10;
        while rest > 0 {
            out.write_str(digit(rest / unit))?;
            rest %= unit;
            unit /= 10;
        }
        Ok(())
    }
}

/// Adds up the digits of a number.
struct Reader {
    /// The place of the next digit: 0 for the ones, 1 for the tenths.
    place: i64,
    number: Decimal,
    is_one: bool,
    has_decimals: bool,
}

impl Reader {
    const fn starting_at(place: i64) -> Self {
        Self {
            place,
            number: Decimal::ZERO,
            is_one: false,
            has_decimals: false,
        }
    }

    /// Adds a digit; `None` if the byte is no digit, or the number gets greater than 1.
    fn push(&mut self, byte: u8) -> Option<()> {
        let digit = char::from(byte).to_digit(10)?;
        let place = self.place;
        self.place = place.saturating_add(1);
        if digit == 0 {
            return Some(());
        }
        match place {
            ..0 => return None,
            0 if digit > 1 => return None,
            0 => self.is_one = true,
            _ => self.add(digit, u32::try_from(place).unwrap_or(u32::MAX)),
        }
        Some(())
    }

    /// Adds a digit after the decimal point.
    fn add(&mut self, digit: u32, place: u32) {
        self.has_decimals = true;
        let [first, second] = &mut self.number.beyond;
        match place {
            ..=6 => self.number.millionths += digit * 10_u32.pow(6 - place),
            7..=22 => *first += u64::from(digit) * 10_u64.pow(6 + HALF - place),
            23..=38 => *second += u64::from(digit) * 10_u64.pow(6 + 2 * HALF - place),
            _ => {}
        }
    }

    fn finish(self, is_negative: bool) -> Option<Decimal> {
        match (self.is_one, self.has_decimals) {
            (true, true) => None,
            (false, false) => Some(Decimal::ZERO),
            _ if is_negative => None,
            (true, false) => Some(Decimal::ONE),
            (false, true) => Some(self.number),
        }
    }
}

/// The digits and the exponent of a number.
fn split_exponent(text: &[u8]) -> Option<(&[u8], i64)> {
    let Some(at) = text.iter().position(|byte| matches!(byte, b'e' | b'E')) else {
        return Some((text, 0));
    };
    let exponent = text.get(at + 1..)?;
    let (sign, digits) = match exponent {
        [b'-', digits @ ..] => (-1, digits),
        [b'+', digits @ ..] | digits => (1, digits),
    };
    // An exponent so great that it is cut off moves the digits as far out of reach.
    let add = |sum: i64, byte: &u8| {
        let digit = char::from(*byte).to_digit(10)?;
        Some((sum * 10 + i64::from(digit)).min(1_000_000_000_000))
    };
    let exponent = digits.iter().try_fold(0, add)?;
    (!digits.is_empty()).then_some((text.get(..at)?, sign * exponent))
}

/// The number as whole millionths, if it is one.
fn whole_millionths(number: f64) -> Option<u32> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within 0..=1e6"
    )]
    let millionths = (number * f64::from(MILLION) + 0.5) as u32;
    #[expect(clippy::float_cmp, reason = "exactly this number is asked for")]
    let is_exact = f64::from(millionths) / f64::from(MILLION) == number;
    (is_exact && millionths <= MILLION).then_some(millionths)
}

/// The last two digits of a number.
fn pair(number: u32) -> &'static str {
    const PAIRS: &str = "00010203040506070809101112131415161718192021222324\
        25262728293031323334353637383940414243444546474849\
        50515253545556575859606162636465666768697071727374\
        75767778798081828384858687888990919293949596979899";
    let at = number as usize % 100 * 2;
    PAIRS.get(at..at + 2).unwrap_or_default()
}

/// The last digit of a number.
fn digit(number: u32) -> &'static str {
    pair(number % 10).get(1..).unwrap_or_default()
}
