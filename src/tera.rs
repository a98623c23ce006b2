//! `{{ tags }}` in tera without the `safe` filter.

use tera::Value;

use crate::meta::MetaTags;

/// A safe string, which tera does not escape a second time.
///
/// ```
/// # use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
/// # let span = RootSpan::start(&TraceOptions::new(), None, &TransactionName::route("GET", "/"));
/// let mut tera = tera::Tera::default();
/// tera.add_raw_template("page.html", "<head>{{ tags }}</head>")?;
/// let mut context = tera::Context::new();
/// context.insert_value("tags", span.meta_tags().into());
/// let page = tera.render("page.html", &context)?;
/// assert_eq!(page, format!("<head>{}</head>", span.meta_tags()));
/// # Ok::<_, tera::Error>(())
/// ```
impl From<MetaTags> for Value {
    fn from(tags: MetaTags) -> Self {
        Self::safe_string(&tags.to_string())
    }
}
