//! Prints the configuration of a caching proxy that starts the traces, from the options of the service.
//!
//! A page from a shared cache never reaches the service, so the service cannot start a trace for that visit. The
//! proxy can, because it answers every visit. Each configuration applies these rules to every request, whether the
//! response comes from the cache or not:
//!
//! 1. A valid `sentry-trace` is continued unchanged, with the `sentry-` entries of its `baggage`, if
//!    [`TraceOptions`] permit it. Every other request starts a new trace with the entries of these options.
//! 2. A trace that is new, or that the caller left undecided, is sampled exactly when its `sample_rand` is below
//!    `traces_sample_rate`, in decimal. Without a rate, or with a `traces_sampler`, which a proxy cannot call, the
//!    decision stays deferred.
//! 3. The response carries both values in `Server-Timing`, in at most 2 KiB, and the request to the service carries
//!    the same values as `sentry-trace` and `baggage`.
//! 4. Baggage entries of other vendors reach the service unchanged, and never the response.
//!
//! The proxy reports no span. The span id of a new trace is random: it is the common parent of the browser's
//! pageload and, on a miss, of the service's span. A continued trace keeps the caller's span id.
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

/// `sentry-` at the beginning of a key; any of its characters may be percent-encoded.
const PREFIX: &str = "(?:s|%73)(?:e|%65)(?:n|%6[eE])(?:t|%74)(?:r|%72)(?:y|%79)(?:-|%2[dD])";

/// The value of a well-formed entry, as the W3C specifies it.
const VALUE: &str = r"(?:[!#$&-+\--:<-\[\]-~]++|%[0-9A-Fa-f]{2})*+";

/// A template in which each `@name@` is replaced by its value.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = template.to_owned();
    for (name, value) in values {
        text = text.replace(&format!("@{name}@"), value);
    }
    text
}
