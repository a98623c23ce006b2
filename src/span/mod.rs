#[cfg(feature = "sentry")]
mod child;
mod context;
mod printed;
mod start;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use self::context::Context;
use self::start::Start;
use crate::data::TraceData;
use crate::dsc::DynamicSamplingContext;
use crate::header::{Baggage, IncomingTrace, SentryTrace, Traceparent};
use crate::id::{SpanId, TraceId};
use crate::meta::MetaTags;
use crate::name::TransactionName;
use crate::options::TraceOptions;
use crate::outcome::Outcome;
use crate::sdk::{Explanation, Recorder, RequestFacts, RequestHub};
use crate::target::PropagationTargets;

/// The server's span of one request: a handle, cheap to clone, of which all clones are one span.
///
/// It gives out the values that let a browser continue the trace: as [`MetaTags`] for a template, as
/// [`TraceData`] for a loader, or one by one. They are *frozen* at their first use: whatever happens
/// later, everything that leaves this request says the same.
///
/// With axum it is an extractor that never rejects; see `RootSpanLayer`.
/// Elsewhere it is started by hand:
///
/// ```
/// use sentry_ssr::{IncomingTrace, RootSpan, TraceOptions, TransactionName};
///
/// let options = TraceOptions::new().dsn("https://key@localhost/1")?.traces_sample_rate(1.0)?;
/// let incoming = IncomingTrace::parse(["771a43a4192642f0b136d5159a501700-b7ad6b7169203331-1"], [""]);
/// let span = RootSpan::start(&options, incoming, &TransactionName::route("GET", "/"));
///
/// assert_eq!(span.trace_id().to_string(), "771a43a4192642f0b136d5159a501700");
/// assert_eq!(span.sampled(), Some(true));
/// # Ok::<_, sentry_ssr::OptionsError>(())
/// ```
///
/// With the feature `sentry` and a bound client the span is the SDK's transaction. The layer
/// finishes it when the response has ended; without a layer it ends when its last handle is dropped.
#[derive(Clone)]
#[must_use]
pub struct RootSpan(Arc<Inner>);

struct Inner {
    trace: SentryTrace,
    parent_span_id: Option<SpanId>,
    has_traceparent: bool,
    targets: PropagationTargets,
    context: Context,
    /// The tags were printed, so they may stand in the response.
    has_printed_tags: AtomicBool,
    recorder: Recorder,
}

impl RootSpan {
    /// Starts the span of a request: continues the incoming trace if the options allow it, else
    /// starts a new one.
    pub fn start(
        options: &TraceOptions,
        incoming: Option<IncomingTrace>,
        name: &TransactionName<'_>,
    ) -> Self {
        Self::begin(RequestHub::fresh(), options, incoming, name, || None)
    }

    pub(crate) fn begin(
        hub: RequestHub,
        options: &TraceOptions,
        incoming: Option<IncomingTrace>,
        name: &TransactionName<'_>,
        facts: impl FnOnce() -> Option<Arc<dyn RequestFacts>>,
    ) -> Self {
        let mut start = Start::new(options, incoming, name);
        let recorder = hub.record(name, start.trace, start.parent_span_id(), facts);
        match recorder.adopted() {
            Some(active) => start.adopt(active),
            None => start.overrule(&recorder),
        }
        let (trace, parent_span_id) = (start.trace, start.parent_span_id());
        let inner = Arc::new(Inner {
            trace,
            parent_span_id,
            has_traceparent: options.has_traceparent(),
            targets: options.propagation_targets().clone(),
            context: Context::new(start, options, name),
            has_printed_tags: AtomicBool::new(false),
            recorder,
        });
        inner.recorder.explain_by(&inner);
        Self(inner)
    }

    /// The trace that this request is part of.
    #[must_use]
    pub fn trace_id(&self) -> TraceId {
        self.0.trace.trace_id()
    }

    /// This span: the one that the browser's pageload becomes a child of.
    #[must_use]
    pub fn span_id(&self) -> SpanId {
        self.0.trace.span_id()
    }

    /// The span that called, where the trace was continued.
    #[must_use]
    pub fn parent_span_id(&self) -> Option<SpanId> {
        self.0.parent_span_id
    }

    /// Whether the trace is sampled; `None` while the decision is deferred.
    #[must_use]
    pub fn sampled(&self) -> Option<bool> {
        self.0.trace.sampled()
    }

    /// The value of `sentry-trace`.
    pub fn sentry_trace(&self) -> SentryTrace {
        self.0.trace
    }

    /// The value of `baggage`, which from now on is frozen. Where it is empty none is sent.
    pub fn baggage(&self) -> &Baggage {
        self.dynamic_sampling_context().as_baggage()
    }

    /// The value of `traceparent`, where
    /// [`propagate_traceparent`](TraceOptions::propagate_traceparent) asks for it.
    #[must_use]
    pub fn traceparent(&self) -> Option<Traceparent> {
        self.0.has_traceparent.then(|| self.0.trace.into())
    }

    /// The Dynamic Sampling Context, which from now on is frozen.
    pub fn dynamic_sampling_context(&self) -> &DynamicSamplingContext {
        self.0.context.freeze()
    }

    /// The `<meta>` tags for the head of the page.
    pub fn meta_tags(&self) -> MetaTags {
        let _frozen = self.dynamic_sampling_context();
        MetaTags::new(Some(self.clone()))
    }

    /// The values as data, for a loader to return.
    pub fn trace_data(&self) -> TraceData {
        TraceData::new(self.sentry_trace(), self.baggage().clone())
    }

    /// Names the span, in place of the route that the request matched.
    ///
    /// Returns whether it could: once the values are frozen the span keeps its name, so that the
    /// transaction and its context go by the same one.
    #[expect(
        clippy::must_use_candidate,
        reason = "most callers name the span first thing"
    )]
    pub fn set_name(&self, name: &str) -> bool {
        self.rename(&TransactionName::custom(name))
    }

    /// Names the span after a route, unless it has a better name than a URL already.
    #[cfg_attr(
        not(feature = "axum"),
        expect(dead_code, reason = "routes come with axum")
    )]
    pub(crate) fn found_route(&self, name: &TransactionName<'_>) {
        if self.0.context.wants_name() {
            self.rename(name);
        }
    }

    fn rename(&self, name: &TransactionName<'_>) -> bool {
        let Inner {
            context, recorder, ..
        } = &*self.0;
        context.rename(name, || recorder.rename(name))
    }

    pub(crate) fn propagation_targets(&self) -> &PropagationTargets {
        &self.0.targets
    }

    pub(crate) fn recorder(&self) -> &Recorder {
        &self.0.recorder
    }

    /// Ends the span; from the second time on this does nothing.
    #[cfg_attr(
        not(feature = "tower"),
        expect(dead_code, reason = "only the layer sees an end")
    )]
    pub(crate) fn finish(&self, outcome: Outcome) {
        self.0.recorder.finish(Some(outcome), &*self.0);
    }
}

impl Explanation for Inner {
    fn context(&self) -> &DynamicSamplingContext {
        self.context.freeze()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.recorder.finish(None, self);
    }
}

impl fmt::Debug for RootSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RootSpan")
            .field("sentry_trace", &format_args!("{}", self.0.trace))
            .field(
                "baggage",
                &self
                    .0
                    .context
                    .frozen()
                    .map(|context| context.as_baggage().as_str()),
            )
            .finish_non_exhaustive()
    }
}
