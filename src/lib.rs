//! Let the browser's Sentry SDK continue the trace of the Rust server that rendered the page.
