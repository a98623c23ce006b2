//! The pages of the examples, requested in memory.

#[cfg(all(feature = "askama", feature = "sentry"))]
mod askama;
#[cfg(all(feature = "askama", feature = "sentry"))]
mod caches;
#[cfg(all(
    feature = "maud",
    feature = "minijinja",
    feature = "tera",
    feature = "testing"
))]
mod engines;
#[cfg(all(feature = "askama", feature = "testing"))]
mod loader;
#[cfg(feature = "sentry")]
mod streaming;
