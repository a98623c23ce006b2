//! The feature `ureq`, which brings root certificates of its own.

#[path = "../wire.rs"]
mod wire;

use sentry_ssr::Instrumentation;

fn main() {
    wire::run(&[
        ("preferred", wire::preferred, false),
        (
            "named",
            |options| Instrumentation::new().ureq().apply(options),
            false,
        ),
    ]);
}
