//! What an instrumented client sends: seen at the far end of the wire, by every HTTP transport.

mod carried;
mod context;
mod limits;
#[cfg(any(feature = "reqwest", feature = "ureq"))]
mod lost_connections;
mod rig;
mod sampler;
mod transport;
