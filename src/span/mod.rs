//! The root span of a request.

mod current;
#[cfg(feature = "axum")]
mod extract;
mod start;

use std::fmt;
use std::sync::Arc;

pub(crate) use self::current::note_layer;
pub use self::current::{current_scope, in_current_scope, meta_tags, route_tag, trace_data};
pub(crate) use self::start::start_span;
use crate::dsc::DynamicSamplingContext;
use crate::id::{SpanId, TraceId};
use crate::name::TransactionName;
use crate::propagation::{Baggage, OutgoingTrace, SentryTrace, Traceparent};
use crate::render::{MetaTags, RouteTag, TraceData};
use crate::request::Outcome;
use crate::sdk::SdkSpan;
use crate::values::TraceValues;

/// The server's span of one request. It is a handle: clones are cheap and refer to the same span.
///
/// It returns the values from which a browser continues the trace: as [`MetaTags`] for a template, as
/// [`TraceData`] for a loader, or one by one. The values are *frozen* at their first use: whatever happens
/// later, everything that leaves this request agrees.
///
/// With axum it is an extractor that never rejects; see [`RootSpanLayer`](crate::RootSpanLayer). Elsewhere,
/// start it by hand:
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
/// With the feature `sentry` and a bound client, the span is a transaction of the SDK. The layer finishes it
/// at the end of the response; without a layer it ends when its last handle is dropped.
#[derive(Clone)]
#[must_use]
pub struct RootSpan {
    values: Arc<TraceValues>,
    sdk: SdkSpan,
}

impl RootSpan {
    /// The id of the trace.
    pub fn trace_id(&self) -> TraceId {
        self.values.exposure().note_id();
        self.values.sentry_trace().trace_id()
    }

    /// The id of this span, which becomes the parent of the browser's pageload.
    pub fn span_id(&self) -> SpanId {
        self.values.sentry_trace().span_id()
    }

    /// The id of the caller's span, if the trace is continued.
    #[must_use]
    pub fn parent_span_id(&self) -> Option<SpanId> {
        self.values.parent_span_id()
    }

    /// Whether the trace is sampled; `None` while the decision is deferred.
    #[must_use]
    pub fn sampled(&self) -> Option<bool> {
        self.values.sentry_trace().sampled()
    }

    /// The value of `sentry-trace`.
    pub fn sentry_trace(&self) -> SentryTrace {
        self.values.exposure().note_values();
        self.values.sentry_trace()
    }

    /// The value of `baggage`, which this freezes. If it is empty, none is sent.
    pub fn baggage(&self) -> &Baggage {
        self.values.exposure().note_values();
        self.values.baggage()
    }

    /// The value of `traceparent`, if
    /// [`propagate_traceparent`](crate::TraceOptions::propagate_traceparent) is on.
    #[must_use]
    pub fn traceparent(&self) -> Option<Traceparent> {
        self.values.exposure().note_values();
        self.values.traceparent()
    }

    /// The Dynamic Sampling Context, which this freezes.
    pub fn dynamic_sampling_context(&self) -> &DynamicSamplingContext {
        self.values.exposure().note_values();
        self.values.dynamic_sampling_context()
    }

    /// The `<meta>` tags for the head of the page. They print nothing
    /// [behind an edge](crate::RootSpanLayer::behind_edge).
    pub fn meta_tags(&self) -> MetaTags {
        MetaTags::new(Some(Arc::clone(&self.values)))
    }

    /// The `<meta>` tag with the route of the page. It freezes nothing.
    pub fn route_tag(&self) -> RouteTag {
        RouteTag::new(Some(Arc::clone(&self.values)))
    }

    /// The values as data, for a loader to return.
    pub fn trace_data(&self) -> TraceData {
        TraceData::new(self.sentry_trace(), self.baggage().clone())
    }

    /// The trace for any other service or process.
    pub fn outgoing(&self) -> OutgoingTrace {
        OutgoingTrace::new(
            self.values.sentry_trace(),
            self.values.baggage().clone(),
            self.values.traceparent().is_some(),
        )
    }

    /// The trace for a request to `url`; `None` if
    /// [`trace_propagation_targets`](crate::TraceOptions::trace_propagation_targets) exclude it.
    #[must_use]
    pub fn outgoing_to(&self, url: &str) -> Option<OutgoingTrace> {
        let is_target = self.values.targets().include(url);
        is_target.then(|| self.outgoing())
    }

    /// Names the span, in place of the route that the request matched.
    ///
    /// Returns whether the name was set. Once the values are frozen the span keeps its name, so that the
    /// transaction and its context agree.
    #[expect(
        clippy::must_use_candidate,
        reason = "most callers name the span before anything else"
    )]
    pub fn set_name(&self, name: &str) -> bool {
        self.rename(&TransactionName::custom(name))
    }

    fn rename(&self, name: &TransactionName<'_>) -> bool {
        let (values, sdk) = (&self.values, &self.sdk);
        values.context().rename(name, || {
            sdk.rename(name);
            values.rename_route(name);
        })
    }

    /// The SDK's own span, for example to start a child of it or to set a tag. `None` if no client is
    /// bound.
    ///
    /// ```
    /// # fn render() {}
    /// # let span = sentry_ssr::RootSpan::start(
    /// #     &sentry_ssr::TraceOptions::new(),
    /// #     None,
    /// #     &sentry_ssr::TransactionName::route("GET", "/"),
    /// # );
    /// let child = span.sdk_span().map(|span| span.start_child("ui.render", "index.html"));
    /// render();
    /// if let Some(child) = child {
    ///     child.finish();
    /// }
    /// ```
    #[cfg(feature = "sentry")]
    #[must_use]
    pub fn sdk_span(&self) -> Option<sentry::TransactionOrSpan> {
        self.sdk.get()
    }

    pub(crate) const fn values(&self) -> &Arc<TraceValues> {
        &self.values
    }

    /// Ends the span; does nothing from the second call on. A span whose status is ignored is not sent.
    pub(crate) fn finish(&self, outcome: Outcome) {
        let ignored = self.values.ignored_status_codes();
        match outcome {
            Outcome::Status(status) if ignored.contain(status) => self.sdk.discard(),
            _ => self.sdk.finish(outcome),
        }
    }
}

impl fmt::Debug for RootSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let context = self.values.context().get();
        f.debug_struct("RootSpan")
            .field(
                "sentry_trace",
                &format_args!("{}", self.values.sentry_trace()),
            )
            .field("baggage", &context.map(|it| it.as_baggage().as_str()))
            .finish_non_exhaustive()
    }
}
