//! What a template, a loader or a response header prints of a trace.

mod engines;
mod meta_tags;
mod route_tag;
mod scripts;
#[doc(hidden)]
pub mod server_timing;
mod stale_guard;
mod trace_data;

use std::fmt;

pub use meta_tags::MetaTags;
pub(crate) use meta_tags::rendered_tags;
pub use route_tag::RouteTag;
pub use scripts::{NavigationScript, PageloadScript};
pub use stale_guard::StaleGuard;
pub use trace_data::{HeadTraceData, RemixTraceData, TraceData};

/// Trusted markup: template engines print it as it is.
trait Markup {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result;
}
