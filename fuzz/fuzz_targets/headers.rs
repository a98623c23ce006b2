//! A whole request: `sentry-trace` and `baggage` in, tags out.
//!
//! The first line of an input picks the service, each other one is a header: `t…` a `sentry-trace`,
//! anything else a `baggage`.
#![no_main]

#[path = "../../tests/rules/mod.rs"]
mod rules;

use libfuzzer_sys::fuzz_target;
use rules::{Caller, Service};

fuzz_target!(|input: &[u8]| {
    let mut lines = input.split(|byte| *byte == b'\n');
    let service = service(lines.next().unwrap_or_default());
    let mut caller = Caller::default();
    for line in lines {
        match line.strip_prefix(b"t") {
            Some(trace) => caller.sentry_trace.push(trace.to_vec()),
            None => caller.baggage.push(line.to_vec()),
        }
    }
    rules::check(&caller, service);
});

fn service(line: &[u8]) -> Service {
    Service {
        rate: match line.first() {
            Some(b'0') => Some(0.0),
            Some(b'1') => Some(1.0),
            Some(b'q') => Some(0.25),
            Some(b't') => Some(0.1),
            _ => None,
        },
        org_id: line.contains(&b'o').then_some(7),
        is_strict: line.contains(&b's'),
    }
}
