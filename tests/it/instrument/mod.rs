//! What an instrumented client sends: seen at the far end of the wire, by every HTTP transport.

mod carried;
mod context;
#[cfg(any(feature = "reqwest", feature = "ureq"))]
mod ingest;
mod limits;
#[cfg(any(feature = "reqwest", feature = "ureq"))]
mod lost_connections;
mod rig;
mod sampler;
mod transport;
