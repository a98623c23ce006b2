//! What tests of several files share. A test file that leaves some of it unused includes it with
//! `#[expect(dead_code, reason = "…")] mod support;`.

pub(crate) mod envelope;
pub(crate) mod ingest;
pub(crate) mod sdk;
pub(crate) mod visit;
