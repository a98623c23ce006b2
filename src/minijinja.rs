//! `{{ tags }}` in minijinja without the `safe` filter.

use minijinja::Value;

use crate::meta::MetaTags;

/// A safe string, which minijinja does not escape a second time.
///
/// ```
/// # use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
/// # let span = RootSpan::start(&TraceOptions::new(), None, &TransactionName::route("GET", "/"));
/// let mut env = minijinja::Environment::new();
/// env.add_template("page.html", "<head>{{ tags }}</head>")?;
/// let page = env.get_template("page.html")?.render(minijinja::context! { tags => span.meta_tags() })?;
/// assert_eq!(page, format!("<head>{}</head>", span.meta_tags()));
/// # Ok::<_, minijinja::Error>(())
/// ```
impl From<MetaTags> for Value {
    fn from(tags: MetaTags) -> Self {
        Self::from_safe_string(tags.to_string())
    }
}
