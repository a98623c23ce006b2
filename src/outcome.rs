/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A response with this status went out whole.
    Status(u16),
    /// The service failed instead of answering, or the body of its answer did.
    Failed,
    /// Nobody waited for the end of the answer.
    Cancelled,
    /// The handler, or the body of its answer, panicked.
    Panicked,
}
