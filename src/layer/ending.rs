use std::thread;

use http::StatusCode;

use crate::outcome::Outcome;
use crate::span::RootSpan;

/// The end of a request, not reached yet: finishes the span once, whatever comes.
///
/// Dropped before anything was said, it tells that nobody waited for the end, or that it was a panic
/// that dropped it.
#[derive(Debug)]
pub(super) struct Ending {
    span: RootSpan,
    is_head: bool,
    status: Option<StatusCode>,
    outcome: Outcome,
}

impl Ending {
    pub(super) const fn new(span: RootSpan, is_head: bool) -> Self {
        Self {
            span,
            is_head,
            status: None,
            outcome: Outcome::Cancelled,
        }
    }

    pub(super) const fn span(&self) -> &RootSpan {
        &self.span
    }

    /// Notes the status of the response.
    pub(super) fn answered(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// Whether the response ends with its head: a server never reads the body of such a one.
    pub(super) fn has_no_body(&self) -> bool {
        self.is_head
            || self.status.is_some_and(|status| {
                status.is_informational()
                    || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
            })
    }

    /// The response has been sent whole.
    pub(super) fn complete(ending: &mut Option<Self>) {
        if let Some(mut ending) = ending.take() {
            ending.outcome = ending
                .status
                .map_or(Outcome::Failed, |status| Outcome::Status(status.as_u16()));
        }
    }

    /// The service has failed, or the body of its response has.
    pub(super) fn fail(ending: &mut Option<Self>) {
        if let Some(mut ending) = ending.take() {
            ending.outcome = Outcome::Failed;
        }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        let panicked = self.outcome == Outcome::Cancelled && thread::panicking();
        let outcome = if panicked {
            Outcome::Panicked
        } else {
            self.outcome
        };
        self.span.finish(outcome);
    }
}
