use sentry::TransactionOrSpan;

use super::RootSpan;

impl RootSpan {
    /// The SDK's own span: to start a child of it, or to give it a tag. `None` while no client is
    /// bound.
    ///
    /// ```
    /// # fn render() {}
    /// # let span = sentry_ssr::RootSpan::start(
    /// #     &sentry_ssr::TraceOptions::new(),
    /// #     None,
    /// #     &sentry_ssr::TransactionName::route("GET", "/"),
    /// # );
    /// let child = span.sdk_span().map(|span| span.start_child("ui.render", "index.html"));
    /// render();
    /// if let Some(child) = child {
    ///     child.finish();
    /// }
    /// ```
    #[must_use]
    pub fn sdk_span(&self) -> Option<TransactionOrSpan> {
        self.recorder().span()
    }
}
