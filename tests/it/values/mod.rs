//! The values on the wire: what parses, what it prints, what is refused and why.

mod baggage;
mod ids;
mod sampling;
mod sentry_trace;

use std::str::FromStr;

use sentry_ssr::{ParseError, ParseErrorKind};

fn kind<T: FromStr<Err = ParseError>>(text: &str) -> Option<ParseErrorKind> {
    text.parse::<T>().err().map(|error| error.kind())
}
