//! The feature `reqwest`.

#[path = "../wire.rs"]
mod wire;

use sentry_ssr::Instrumentation;

fn main() {
    wire::run(&[
        ("preferred", wire::preferred, true),
        (
            "named",
            |options| Instrumentation::new().reqwest().apply(options),
            true,
        ),
    ]);
}
