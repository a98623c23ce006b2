use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use super::url_prefix::UrlPrefix;

/// Addresses that a trace may go to.
///
/// | made from | addresses |
/// | --- | --- |
/// | a text with a scheme, `https://api.example.com/v1` | those of this origin whose path is `/v1` or lies below it, such as `/v1/users` |
/// | any other text, `api.example.com` | those that contain it, wherever: `https://evil.example/?api.example.com`, too |
/// | a predicate, [`matching`](Self::matching) | those that it accepts |
///
/// Origins and paths are compared as URLs: the case of scheme and host, a default port, user information,
/// `..`, and how a character is percent-encoded make no difference; query and fragment of a target do not
/// count. An address that clients could read in two ways, as one with a backslash, white space or two
/// `@`, is of no origin. Neither is a text that is no URL, as `https://*.example.com` is not: it names no
/// address at all. Give an international domain name as clients send it, in its `xn--` form.
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
    /// Nothing, where the text is no URL.
    Below(Option<UrlPrefix>),
    Contains(String),
    Matching(Arc<dyn Fn(&str) -> bool + Send + Sync>),
}

impl Rule {
    fn of(text: &str) -> Self {
        if UrlPrefix::is_meant_by(text) {
            Self::Below(UrlPrefix::parse(text))
        } else {
            Self::Contains(text.to_owned())
        }
    }
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
            Rule::Below(prefix) => prefix.as_ref().is_some_and(|it| it.includes(url)),
            Rule::Contains(text) => url.contains(text),
            Rule::Matching(predicate) => predicate(url),
        }
    }
}

impl From<&str> for PropagationTarget {
    fn from(text: &str) -> Self {
        Self(Rule::of(text))
    }
}

impl From<String> for PropagationTarget {
    fn from(text: String) -> Self {
        Self(Rule::of(&text))
    }
}

impl fmt::Debug for PropagationTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Rule::Below(prefix) => write!(f, "Below({prefix:?})"),
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
