//! Numbers from 0 to 1 as text. Nearly all of them have six decimals at most and are written digit by
//! digit; the others as the shortest decimal that reads back as the same number.

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

/// A number of millionths with all six decimals: `0.017842`.
pub(super) fn digits(millionths: u32, text: &mut [u8; 8]) -> &str {
    *text = *b"0.000000";
    let mut rest = millionths;
    for digit in text.iter_mut().rev().filter(|byte| **byte == b'0') {
        *digit += u8::try_from(rest % 10).unwrap_or_default();
        rest /= 10;
    }
    str::from_utf8(text).unwrap_or_default()
}

/// The shortest form of a number of millionths: `0.25`.
pub(super) fn shortest(millionths: u32, text: &mut [u8; 8]) -> &str {
    let all = digits(millionths, text);
    let zeros = all.bytes().rev().take_while(|byte| *byte == b'0').count();
    all.get(..all.len() - zeros)
        .and_then(|kept| kept.strip_suffix('.').or(Some(kept)))
        .unwrap_or(all)
}
