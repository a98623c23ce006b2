//! Regular expressions as propagation targets.

use regex::Regex;

use crate::target::PropagationTarget;

/// The addresses that a regular expression finds a match in.
///
/// ```
/// use sentry_ssr::{PropagationTarget, TraceOptions};
///
/// let internal = regex::Regex::new(r"^https://[^/]+\.internal/")?;
/// let options = TraceOptions::new().trace_propagation_targets([internal]);
/// # let _ = options;
/// # Ok::<_, regex::Error>(())
/// ```
impl From<Regex> for PropagationTarget {
    fn from(regex: Regex) -> Self {
        Self::matching(move |url| regex.is_match(url))
    }
}
