use std::env;

use super::OutgoingTrace;
use crate::header::IncomingTrace;

const SENTRY_TRACE: &str = "SENTRY_TRACE";
const SENTRY_BAGGAGE: &str = "SENTRY_BAGGAGE";

impl OutgoingTrace {
    /// The variables `SENTRY_TRACE` and `SENTRY_BAGGAGE` for a child process.
    ///
    /// Both are always given, the second one empty where there is no baggage, so that a process
    /// never pairs our trace with the baggage that we were started with. They fit `envs` of
    /// [`std::process::Command`] and of tokio's. The child reads them by
    /// [`IncomingTrace::from_env`].
    ///
    /// Source: <https://develop.sentry.dev/sdk/foundations/trace-propagation/#environment-variables>
    pub fn env_vars(&self) -> impl Iterator<Item = (&'static str, String)> {
        let trace = self.sentry_trace().to_string();
        [
            (SENTRY_TRACE, trace),
            (SENTRY_BAGGAGE, self.baggage().to_string()),
        ]
        .into_iter()
    }
}

impl IncomingTrace {
    /// The trace that this process was started in, from `SENTRY_TRACE` and `SENTRY_BAGGAGE`.
    ///
    /// ```
    /// use sentry_ssr::{IncomingTrace, RootSpan, TraceOptions, TransactionName};
    ///
    /// let name = TransactionName::custom("nightly report");
    /// let span = RootSpan::start(&TraceOptions::new(), IncomingTrace::from_env(), &name);
    /// # let _ = span;
    /// ```
    #[must_use]
    pub fn from_env() -> Option<Self> {
        let var = |name| env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        Self::parse(var(SENTRY_TRACE), var(SENTRY_BAGGAGE))
    }
}
