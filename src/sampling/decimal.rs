//! Numbers from 0 to 1 as text. Nearly all of them have six decimals at most and are written from a table
//! of digits; the others as the shortest decimal that reads back as the same number.

use std::fmt;

const MILLION: u32 = 1_000_000;

/// The number as whole millionths, where it is one.
pub(super) fn millionths(number: f64) -> Option<u32> {
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

/// Writes a number of millionths with all six decimals: `0.017842`.
pub(super) fn write_all<W: fmt::Write + ?Sized>(millionths: u32, out: &mut W) -> fmt::Result {
    out.write_str(if millionths < MILLION { "0." } else { "1." })?;
    out.write_str(pair(millionths / 10_000))?;
    out.write_str(pair(millionths / 100))?;
    out.write_str(pair(millionths))
}

/// Writes the shortest form of a number of millionths: `0.25`.
pub(super) fn write_shortest<W: fmt::Write + ?Sized>(millionths: u32, out: &mut W) -> fmt::Result {
    out.write_str(if millionths < MILLION { "0" } else { "1" })?;
    let mut rest = millionths % MILLION;
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
