//! How a root span starts, and which name its transaction gets. The SDK is asked first, then the decision about the
//! trace is made once.

use std::sync::{Arc, LazyLock};

use http::Extensions;

use super::RootSpan;
use crate::dsc::{DynamicSamplingContext, FreezingContext};
use crate::id::{SpanId, TraceId};
use crate::name::{MatchedPath, RouteName, TransactionName};
use crate::options::TraceOptions;
use crate::propagation::{IncomingTrace, SentryTrace};
use crate::request::RequestInfo;
use crate::sampling::{Sampler, Sampling, SamplingContext};
use crate::sdk::{RequestHub, RequestScope};
use crate::values::TraceValues;

impl RootSpan {
    /// Starts the span of a request. It continues the incoming trace if the options allow it, and starts a new
    /// trace otherwise.
    pub fn start(
        options: &TraceOptions,
        incoming: Option<IncomingTrace>,
        name: &TransactionName<'_>,
    ) -> Self {
        Start::by_hand(options, incoming, *name).under(RequestHub::from_current())
    }

    /// Starts a span of a new trace, even if another span is active: that one is not adopted.
    ///
    /// Use it for work that a request or a job starts but that needs a trace of its own, such as each message on a
    /// long-lived connection.
    ///
    /// ```
    /// use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
    ///
    /// fn on_message(socket: &RootSpan) {
    ///     let name = TransactionName::custom("chat message").with_op("websocket.server");
    ///     let span = RootSpan::start_new_trace(&TraceOptions::of_client(), &name);
    ///     assert_ne!(span.trace_id(), socket.trace_id());
    ///     span.in_scope(|| { /* errors in here are part of the new trace */ });
    /// }
    /// # let name = TransactionName::custom("chat");
    /// # on_message(&RootSpan::start(&TraceOptions::new(), None, &name));
    /// ```
    ///
    /// Source: <https://develop.sentry.dev/sdk/foundations/trace-propagation/#startnewtrace>
    pub fn start_new_trace(options: &TraceOptions, name: &TransactionName<'_>) -> Self {
        let hub = RequestHub::from_current().without_active_span();
        Start::by_hand(options, None, *name).under(hub)
    }
}

/// Starts the root span of a request, with these options or else those of the bound client.
pub(crate) fn start_span(
    request: RequestInfo<'_>,
    extensions: &Extensions,
    options: Option<&TraceOptions>,
    behind_edge: bool,
) -> RootSpan {
    let hub = RequestHub::from_current();
    let of_client = match options {
        Some(_) => None,
        None => hub.options(),
    };
    let route = extensions.get::<MatchedPath>();
    let start = Start {
        options: options.or(of_client.as_deref()).unwrap_or(&DEFAULTS),
        incoming: IncomingTrace::from_headers(request.headers),
        name: name(request, route),
        request: Some(request),
        route: route.cloned(),
        behind_edge,
    };
    start.under(hub)
}

static DEFAULTS: LazyLock<TraceOptions> = LazyLock::new(TraceOptions::new);

/// The name of the transaction: the route if the router knows it, else the path of the URL.
fn name<'a>(request: RequestInfo<'a>, route: Option<&'a MatchedPath>) -> TransactionName<'a> {
    let method = request.method.as_str();
    match route {
        Some(route) => TransactionName::route(method, route.as_str()),
        None => TransactionName::url(method, request.uri.path()),
    }
}

/// What a root span starts from.
pub(crate) struct Start<'a> {
    pub(crate) options: &'a TraceOptions,
    pub(crate) incoming: Option<IncomingTrace>,
    pub(crate) name: TransactionName<'a>,
    pub(crate) request: Option<RequestInfo<'a>>,
    /// The route that the name comes from, in a form that outlives the request.
    pub(crate) route: Option<MatchedPath>,
    /// An edge has applied the options to the incoming trace, and has sent the outcome to the browser.
    pub(crate) behind_edge: bool,
}

impl<'a> Start<'a> {
    /// A span that is started by hand, without a request.
    pub(super) const fn by_hand(
        options: &'a TraceOptions,
        incoming: Option<IncomingTrace>,
        name: TransactionName<'a>,
    ) -> Self {
        Self {
            options,
            incoming,
            name,
            request: None,
            route: None,
            behind_edge: false,
        }
    }

    pub(crate) fn under(mut self, hub: RequestHub) -> RootSpan {
        let (options, behind_edge) = (self.options, self.behind_edge);
        self.incoming = self
            .incoming
            .filter(|incoming| behind_edge || options.continues(incoming));
        hub.with_scope(|scope| self.begin(scope))
    }

    // Inlined, as are its steps: they would otherwise pass their large values through memory.
    #[inline]
    fn begin(&mut self, mut scope: RequestScope<'_>) -> RootSpan {
        let active = scope.active_trace();
        let is_traced = active.is_some() || self.options.makes_transaction(self.request);
        let (trace_id, span_id) = self.choose_ids(active);
        let incoming = self.incoming.take();
        let context = SamplingContext::new(self.name, trace_id, incoming.as_ref(), self.request);
        let sampling = if is_traced {
            let sdk = scope.decide(&context, span_id);
            Sampling::decide(&context, self.sampler(&context), sdk)
        } else {
            Sampling::decide(&context, &Sampler::Deferred, None)
        };
        let parent = incoming.as_ref().map(|it| it.sentry_trace().span_id());
        let values = Arc::new(TraceValues::new(
            SentryTrace::new(trace_id, span_id, sampling.sampled),
            parent,
            self.options.has_traceparent(),
            !self.behind_edge,
            self.options.propagation_targets().clone(),
            self.options.ignored_status_codes().clone(),
            self.context(trace_id, incoming, sampling),
            RouteName::new(self.route.take(), &self.name),
        ));
        let sdk = scope.start(self.name, self.request, &values, is_traced);
        RootSpan { values, sdk }
    }

    /// The ids of an active span that is adopted, else those of the incoming trace, else new ones.
    #[inline]
    fn choose_ids(&mut self, active: Option<SentryTrace>) -> (TraceId, SpanId) {
        if let Some(active) = active {
            self.incoming
                .take_if(|incoming| incoming.sentry_trace().trace_id() != active.trace_id());
            return (active.trace_id(), active.span_id());
        }
        let trace_id = match &self.incoming {
            Some(incoming) => incoming.sentry_trace().trace_id(),
            None => TraceId::random(),
        };
        (trace_id, SpanId::random())
    }

    /// A decision of the edge is kept, and no sampler is called.
    fn sampler(&self, context: &SamplingContext<'_>) -> &Sampler {
        match context.parent_sampled() {
            Some(_) if self.behind_edge => &Sampler::Deferred,
            _ => self.options.sampler(),
        }
    }

    /// The context names the root span only if the trace starts here, and only once its decision is made.
    #[inline]
    fn context(
        &self,
        trace_id: TraceId,
        incoming: Option<IncomingTrace>,
        sampling: Sampling,
    ) -> FreezingContext {
        let takes_name = incoming.is_none() && sampling.sampled.is_some();
        let context = match incoming {
            Some(incoming) if self.behind_edge => incoming.baggage.into(),
            Some(incoming) => DynamicSamplingContext::continued(incoming.baggage, sampling),
            None => DynamicSamplingContext::new_trace(
                trace_id,
                self.options.service_entries(),
                sampling,
            ),
        };
        FreezingContext::new(context, takes_name, &self.name)
    }
}

impl TraceOptions {
    /// The options of the Sentry client that is bound at the time of the call, or the defaults of
    /// [`new`](Self::new) if none is. Call it after `sentry::init`.
    pub fn of_client() -> Self {
        RequestHub::from_current()
            .options()
            .map_or_else(Self::new, Arc::unwrap_or_clone)
    }
}
