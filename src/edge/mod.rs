//! A caching proxy that begins the traces: its configuration, printed from the options of the service.
//!
//! A page out of a shared cache never reaches the service, so nobody starts a trace for that visit. The
//! proxy can: it answers every one of them. Each configuration does this for each request, whether the
//! response comes out of the cache or not:
//!
//! 1. A valid `sentry-trace` is continued as it came, with the `sentry-` entries of its `baggage`, where
//!    [`TraceOptions`] continue it. Everything else starts a new trace with the entries of these options.
//! 2. A trace that is new, or that the caller has left undecided, is decided about at
//!    `traces_sample_rate`: sampled exactly when its `sample_rand` is below it, in decimal. Without a rate,
//!    or with a `traces_sampler`, which no proxy can ask, the decision stays deferred.
//! 3. The response carries both values in `Server-Timing`, where they take 2 KiB at the most, and the request
//!    to the service carries the same ones as `sentry-trace` and `baggage`.
//! 4. Entries of other vendors go to the service as they came, and never into the response.
//!
//! The proxy reports no span. The span id of a new trace is made up: it is the common parent of the
//! browser's page load and, on a miss, of the service's span. That of a continued trace stays the caller's.
//!
//! ```
//! use sentry_ssr::{TraceOptions, edge};
//!
//! let options = TraceOptions::new()
//!     .dsn("https://key@o7.ingest.sentry.io/42")?
//!     .release("shop@1.4.0")
//!     .traces_sample_rate(0.25)?;
//! let config = edge::nginx(&options);
//! assert!(config.contains("sentry-public_key=key,sentry-release=shop%401.4.0,sentry-org_id=7"));
//! # Ok::<_, sentry_ssr::OptionsError>(())
//! ```

mod below;
mod nginx;
mod values;
mod varnish;

pub use nginx::nginx;
pub use varnish::varnish;

#[cfg(doc)]
use crate::TraceOptions;

/// `sentry-` at the beginning of a key, whichever of its letters are percent-encoded.
const PREFIX: &str = "(?:s|%73)(?:e|%65)(?:n|%6[eE])(?:t|%74)(?:r|%72)(?:y|%79)(?:-|%2[dD])";

/// The value of a well-formed entry, as the W3C has it.
const VALUE: &str = r"(?:[!#$&-+\--:<-\[\]-~]++|%[0-9A-Fa-f]{2})*+";

/// A template in which each `@name@` is replaced by its value.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = template.to_owned();
    for (name, value) in values {
        text = text.replace(&format!("@{name}@"), value);
    }
    text
}
