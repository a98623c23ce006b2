//! Conversions between our ids and those of the SDK.

use sentry::protocol;

use crate::error::ParseError;
use crate::id::{SpanId, TraceId};

impl From<TraceId> for protocol::TraceId {
    fn from(id: TraceId) -> Self {
        (*id.as_bytes()).into()
    }
}

impl From<SpanId> for protocol::SpanId {
    fn from(id: SpanId) -> Self {
        (*id.as_bytes()).into()
    }
}

/// Fails for an id of zeros, which no trace has.
impl TryFrom<protocol::TraceId> for TraceId {
    type Error = ParseError;

    fn try_from(id: protocol::TraceId) -> Result<Self, ParseError> {
        id.to_string().parse()
    }
}

/// Fails for an id of zeros, which no span has.
impl TryFrom<protocol::SpanId> for SpanId {
    type Error = ParseError;

    fn try_from(id: protocol::SpanId) -> Result<Self, ParseError> {
        id.to_string().parse()
    }
}
