use sentry::Transaction;
use sentry::protocol::SpanStatus;

use crate::request::Outcome;

/// Records how the request ended. A status that the handler has set stays.
pub(super) fn conclude(transaction: &Transaction, outcome: Outcome) {
    if let Outcome::Status(status) = outcome {
        transaction.set_data("http.response.status_code", status.into());
    }
    if transaction.get_status().is_none() {
        transaction.set_status(match outcome {
            Outcome::Status(status) => of_http(status),
            Outcome::Failed | Outcome::Panicked => SpanStatus::InternalError,
            Outcome::Cancelled => SpanStatus::Cancelled,
        });
    }
}

/// <https://develop.sentry.dev/sdk/data-model/event-payloads/span/#span-status>
fn of_http(status: u16) -> SpanStatus {
    match status {
        401 => SpanStatus::Unauthenticated,
        403 => SpanStatus::PermissionDenied,
        404 => SpanStatus::NotFound,
        409 => SpanStatus::AlreadyExists,
        429 => SpanStatus::ResourceExhausted,
        499 => SpanStatus::Cancelled,
        400..500 => SpanStatus::InvalidArgument,
        501 => SpanStatus::Unimplemented,
        503 => SpanStatus::Unavailable,
        504 => SpanStatus::DeadlineExceeded,
        500..600 => SpanStatus::InternalError,
        _ => SpanStatus::Ok,
    }
}
