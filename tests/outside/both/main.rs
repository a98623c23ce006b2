//! The features `reqwest` and `ureq`, which bring a cryptography provider each.

#[path = "../wire.rs"]
mod wire;

use sentry_ssr::Instrumentation;

fn main() {
    wire::run(&[
        ("preferred", wire::preferred, true),
        (
            "ureq",
            |options| Instrumentation::new().ureq().apply(options),
            false,
        ),
    ]);
}
