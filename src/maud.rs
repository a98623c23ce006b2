//! `(span.meta_tags())` in maud: neither escaped a second time nor formatted into a string of its own.

use maud::Render;

use crate::meta::MetaTags;

/// ```
/// # use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
/// # let span = RootSpan::start(&TraceOptions::new(), None, &TransactionName::route("GET", "/"));
/// let head = maud::html! {
///     head { meta charset="utf-8"; (span.meta_tags()) }
/// };
/// assert!(head.into_string().contains(&span.meta_tags().to_string()));
/// ```
impl Render for MetaTags {
    fn render_to(&self, buffer: &mut String) {
        let _infallible = self.write_to(buffer);
    }
}
