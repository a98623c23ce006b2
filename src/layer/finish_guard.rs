//! Where the span of a request ends, however the request does.

use std::thread;

use http::StatusCode;

use crate::request::Outcome;
use crate::span::RootSpan;

/// Runs what is part of a request, and finishes the span of the request once, however it ends.
///
/// A guard that is dropped before the end reports that the client did not wait, or that a panic dropped it.
#[derive(Debug, Default)]
pub(super) struct FinishGuard {
    /// `None` while it is lent, and outside a request.
    span: Option<RootSpan>,
    /// An outer layer runs the request, and finishes its span.
    is_nested: bool,
    is_finished: bool,
    status: Option<StatusCode>,
}

impl FinishGuard {
    pub(super) const fn new(span: RootSpan, is_nested: bool) -> Self {
        Self {
            span: Some(span),
            is_nested,
            is_finished: false,
            status: None,
        }
    }

    pub(super) const fn span(&self) -> Option<&RootSpan> {
        self.span.as_ref()
    }

    /// Runs `f` as part of the guard's request. If it panics, the span ends.
    pub(super) fn run<R>(&mut self, f: impl FnOnce() -> R) -> R {
        if self.is_nested {
            return f();
        }
        let unwinding = Unwinding(self);
        RootSpan::run_as_current(&mut unwinding.0.span, f)
    }

    /// The same for destructors.
    pub(super) fn run_in_drop(&mut self, f: impl FnOnce()) {
        if self.is_nested {
            f();
        } else {
            RootSpan::run_as_current_in_drop(&mut self.span, f);
        }
    }

    pub(super) const fn set_status(&mut self, status: StatusCode) {
        self.status = Some(status);
    }

    /// Finishes the span of a response that was sent whole.
    pub(super) fn complete(&mut self) {
        let status = self.status.map(|status| status.as_u16());
        self.finish(status.map_or(Outcome::Failed, Outcome::Status));
    }

    /// Finishes the span of a service, or of a response body, that has failed.
    pub(super) fn fail(&mut self) {
        self.finish(Outcome::Failed);
    }

    fn finish(&mut self, outcome: Outcome) {
        if let Some(span) = &self.span
            && !self.is_nested
            && !self.is_finished
        {
            self.is_finished = true;
            span.finish(outcome);
        }
    }
}

impl Drop for FinishGuard {
    fn drop(&mut self) {
        self.finish(if thread::panicking() {
            Outcome::Panicked
        } else {
            Outcome::Cancelled
        });
    }
}

/// Finishes the span if it is dropped by a panic.
struct Unwinding<'a>(&'a mut FinishGuard);

impl Drop for Unwinding<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.finish(Outcome::Panicked);
        }
    }
}
