//! What the crate offers to the tests of a service.

mod fixed_ids;
mod head_report;
mod redact;
