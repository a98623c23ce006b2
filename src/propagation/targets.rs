use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

/// Addresses that a trace may go to: those that contain a text, or that a predicate accepts.
///
/// ```
/// use sentry_ssr::{PropagationTarget, RootSpan, TraceOptions, TransactionName};
///
/// let options = TraceOptions::new().trace_propagation_targets([
///     PropagationTarget::from("https://api.example.com/"),
///     PropagationTarget::matching(|url| url.ends_with("/internal")),
/// ]);
/// let span = RootSpan::start(&options, None, &TransactionName::route("GET", "/"));
/// assert!(span.outgoing_to("https://api.example.com/users").is_some());
/// assert!(span.outgoing_to("https://elsewhere.example/").is_none());
/// ```
///
/// Source: <https://develop.sentry.dev/sdk/foundations/trace-propagation/#tracepropagationtargets>
#[derive(Clone)]
#[must_use]
pub struct PropagationTarget(Rule);

#[derive(Clone)]
enum Rule {
    Contains(String),
    Matching(Arc<dyn Fn(&str) -> bool + Send + Sync>),
}

// A predicate that panics leaves nothing of ours half done.
impl UnwindSafe for PropagationTarget {}
impl RefUnwindSafe for PropagationTarget {}

impl PropagationTarget {
    /// The addresses that a predicate accepts.
    pub fn matching(predicate: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self(Rule::Matching(Arc::new(predicate)))
    }

    fn includes(&self, url: &str) -> bool {
        match &self.0 {
            Rule::Contains(text) => url.contains(text),
            Rule::Matching(predicate) => predicate(url),
        }
    }
}

impl From<&str> for PropagationTarget {
    fn from(text: &str) -> Self {
        Self(Rule::Contains(text.to_owned()))
    }
}

impl From<String> for PropagationTarget {
    fn from(text: String) -> Self {
        Self(Rule::Contains(text))
    }
}

impl fmt::Debug for PropagationTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Rule::Contains(text) => write!(f, "Contains({text:?})"),
            Rule::Matching(_) => f.write_str("Matching(…)"),
        }
    }
}

/// All addresses, unless some are named.
#[derive(Debug, Clone, Default)]
pub(crate) struct PropagationTargets(Option<Arc<[PropagationTarget]>>);

impl PropagationTargets {
    pub(crate) fn only(targets: impl IntoIterator<Item = PropagationTarget>) -> Self {
        Self(Some(targets.into_iter().collect()))
    }

    pub(crate) fn include(&self, url: &str) -> bool {
        self.0
            .as_ref()
            .is_none_or(|targets| targets.iter().any(|target| target.includes(url)))
    }
}
