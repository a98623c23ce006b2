//! One `baggage` header, or several with a line break between them.
#![no_main]

#[expect(dead_code, reason = "the rules of whole requests")]
#[path = "../../tests/rules/mod.rs"]
mod rules;

use libfuzzer_sys::fuzz_target;
use sentry_ssr::Baggage;

fuzz_target!(|input: &[u8]| {
    rules::check_baggage(&Baggage::parse(input.split(|byte| *byte == b'\n')));
    rules::check_baggage(&Baggage::parse([input]));
});
