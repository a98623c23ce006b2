//! Prints the configuration of a caching proxy that begins the traces: `cargo run --example edge -- nginx`, or
//! `-- varnish`.
//!
//! The options of the service come from the environment: `SENTRY_DSN`, `SENTRY_RELEASE`,
//! `SENTRY_ENVIRONMENT`, `SENTRY_TRACES_SAMPLE_RATE`, `SENTRY_ORG_ID`, `SENTRY_STRICT_TRACE_CONTINUATION`.
//! The files beside this one were printed with the first four of them:
//! `https://key@o7.ingest.sentry.io/42`, `shop@1.4.0`, `production` and `0.25`.

use std::error::Error;

use sentry_ssr::{TraceOptions, edge};

fn main() -> Result<(), Box<dyn Error>> {
    let options = TraceOptions::from_env()?;
    let config = match std::env::args().nth(1).as_deref() {
        Some("nginx") => edge::nginx(&options),
        Some("varnish") => edge::varnish(&options),
        _ => return Err("name the proxy: nginx or varnish".into()),
    };
    print!("{config}");
    Ok(())
}
