#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "askama")]
mod askama;
mod current;
mod data;
mod dsc;
mod dsn;
mod error;
#[cfg(feature = "axum")]
mod extract;
mod header;
mod id;
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
mod random;
#[cfg(feature = "tower")]
mod request;
#[cfg(feature = "tower")]
mod route;
mod sampling;
mod sdk;
mod span;
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
pub use sampling::{SampleRand, SampleRate, SamplingContext};
pub use span::RootSpan;
