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

#[cfg(feature = "askama")]
mod askama;
mod current;
mod data;
mod dsc;
mod dsn;
pub mod edge;
mod error;
#[cfg(feature = "axum")]
mod extract;
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
mod header;
mod id;
#[cfg(feature = "tower")]
pub mod inject;
#[cfg(feature = "tower")]
mod layer;
#[cfg(feature = "maud")]
mod maud;
mod meta;
#[cfg(feature = "minijinja")]
mod minijinja;
mod name;
mod options;
#[cfg_attr(
    not(feature = "tower"),
    expect(dead_code, reason = "only the layer sees an end")
)]
mod outcome;
mod outgoing;
#[cfg(feature = "tower")]
mod page;
mod random;
#[cfg(feature = "regex")]
mod regex;
#[cfg(feature = "tower")]
mod request;
#[cfg(feature = "tower")]
pub mod reuse;
#[cfg(feature = "tower")]
mod route;
mod sampling;
mod scoped;
mod sdk;
#[cfg(feature = "tower")]
pub mod server_timing;
mod span;
mod target;
#[cfg(feature = "tera")]
mod tera;
#[cfg(feature = "testing")]
pub mod testing;
mod text;

pub use current::{meta_tags, trace_data};
pub use data::{HeadTraceData, RemixTraceData, TraceData};
pub use dsc::DynamicSamplingContext;
pub use error::{ParseError, ParseErrorKind};
pub use header::{
    BAGGAGE, Baggage, IncomingTrace, SENTRY_TRACE, SentryTrace, TRACEPARENT, Traceparent,
};
pub use id::{SpanId, TraceId};
#[cfg(feature = "tower")]
pub use layer::{RootSpanBody, RootSpanFuture, RootSpanLayer, RootSpanService};
pub use meta::MetaTags;
pub use name::{TransactionName, TransactionSource};
pub use options::{OptionsError, OptionsErrorKind, TraceOptions};
pub use outgoing::OutgoingTrace;
#[cfg(feature = "tower")]
pub use outgoing::PROPAGATION_HEADERS;
#[cfg(feature = "tower")]
pub use page::ReusePolicy;
pub use sampling::{SampleRand, SampleRate, SamplingContext};
#[cfg(feature = "sentry")]
pub use sdk::{EnvelopeForm, Instrumentation, instrument};
pub use span::RootSpan;
pub use target::PropagationTarget;
