#![cfg_attr(
    all(feature = "axum", feature = "askama", feature = "sentry"),
    doc = include_str!("../README.md")
)]
#![cfg_attr(
    not(all(feature = "axum", feature = "askama", feature = "sentry")),
    doc = "Let the browser's Sentry SDK continue the trace of the Rust server that rendered the page."
)]
#![warn(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod dsc;
pub mod edge;
mod error;
#[cfg(all(
    any(doc, doctest),
    feature = "axum",
    feature = "askama",
    feature = "maud",
    feature = "minijinja",
    feature = "sentry",
    feature = "tera",
    feature = "testing"
))]
pub mod guide;
mod id;
mod layer;
mod name;
mod options;
mod propagation;
mod render;
mod request;
mod sampling;
#[cfg_attr(not(feature = "sentry"), path = "sdk/noop.rs")]
mod sdk;
mod span;
#[cfg(feature = "testing")]
pub mod testing;
mod text;
mod values;

pub use dsc::DynamicSamplingContext;
pub use error::{OptionsError, OptionsErrorKind, ParseError, ParseErrorKind};
pub use id::{SpanId, TraceId};
pub use layer::{CachePolicy, RootSpanBody, RootSpanFuture, RootSpanLayer, RootSpanService};
pub use name::{TransactionName, TransactionSource};
pub use options::{StatusCodes, TraceOptions};
pub use propagation::{
    BAGGAGE, Baggage, IncomingTrace, OutgoingTrace, PROPAGATION_HEADERS, PropagationTarget,
    SENTRY_TRACE, SentryTrace, TRACEPARENT, Traceparent,
};
pub use render::{
    HeadTraceData, MetaTags, NavigationScript, PageloadScript, RemixTraceData, RouteTag,
    StaleGuard, TraceData,
};
pub use sampling::{SampleRand, SampleRate, SamplingContext};
#[cfg(feature = "sentry")]
pub use sdk::{EnvelopeForm, Instrumentation, inherit_or_sample_with, instrument};
pub use span::{RootSpan, current_scope, in_current_scope, meta_tags, route_tag, trace_data};

/// What tests and fuzz targets of this crate use. It is not part of the public API and may change at any time.
#[doc(hidden)]
pub mod __private {
    pub use crate::layer::{
        CacheRules, LOOK_BYTES, Reason, Reuse, Scanner, Step, prepend_server_timing,
    };
    pub use crate::request::{Speculation, VARY, is_fragment};
}
