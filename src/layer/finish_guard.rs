use std::thread;

use http::StatusCode;

use crate::request::Outcome;
use crate::span::{RootSpan, Scoped};

/// Finishes the span of a request once, however the request ends.
///
/// A guard that is dropped before the end reports that the client did not wait, or that a panic dropped it.
#[derive(Debug)]
pub(super) struct FinishGuard {
    span: RootSpan,
    status: Option<StatusCode>,
    outcome: Outcome,
}

impl FinishGuard {
    pub(super) const fn new(span: RootSpan) -> Self {
        Self {
            span,
            status: None,
            outcome: Outcome::Cancelled,
        }
    }

    /// Makes something run as part of the guard's request; without a guard it runs unchanged.
    pub(super) fn scope<T>(guard: Option<&Self>, inner: T) -> Scoped<T> {
        match guard {
            Some(guard) => guard.span.clone().scoped_to_request(inner),
            None => Scoped::unscoped(inner),
        }
    }

    pub(super) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// Finishes the span of a response that was sent whole.
    pub(super) fn complete(guard: &mut Option<Self>) {
        if let Some(mut guard) = guard.take() {
            guard.outcome = guard
                .status
                .map_or(Outcome::Failed, |status| Outcome::Status(status.as_u16()));
        }
    }

    /// Finishes the span of a service, or of a response body, that has failed.
    pub(super) fn fail(guard: &mut Option<Self>) {
        if let Some(mut guard) = guard.take() {
            guard.outcome = Outcome::Failed;
        }
    }
}

impl Drop for FinishGuard {
    fn drop(&mut self) {
        let has_panicked = self.outcome == Outcome::Cancelled && thread::panicking();
        self.span.finish(if has_panicked {
            Outcome::Panicked
        } else {
            self.outcome
        });
    }
}
