use crate::dsc::DynamicSamplingContext;
use crate::header::{IncomingTrace, SentryTrace};
use crate::id::{SpanId, TraceId};
use crate::name::TransactionName;
use crate::options::TraceOptions;
use crate::sampling::{Inherited, Sampling, SamplingContext};
use crate::sdk::Recorder;

/// How a root span starts: as the head of a trace, or as a child of the span that called.
pub(super) struct Start {
    pub(super) trace: SentryTrace,
    incoming: Option<IncomingTrace>,
    sampling: Sampling,
}

impl Start {
    // Inlined, as the other steps of a start are: between them, its parts would go through memory, and
    // waiting for that shows in the profile of a request.
    #[inline]
    pub(super) fn new(
        options: &TraceOptions,
        incoming: Option<IncomingTrace>,
        name: &TransactionName<'_>,
    ) -> Self {
        let incoming = incoming.filter(|incoming| options.continues(incoming));
        let trace_id = match &incoming {
            Some(incoming) => incoming.sentry_trace().trace_id(),
            None => TraceId::random(),
        };
        let context = SamplingContext::new(*name, trace_id, incoming.is_some());
        let sampling = Sampling::decide(trace_id, inherited(incoming.as_ref()), || {
            options.sampler().rate(&context)
        });
        Self {
            trace: SentryTrace::new(trace_id, SpanId::random(), sampling.sampled),
            incoming,
            sampling,
        }
    }

    pub(super) fn parent_span_id(&self) -> Option<SpanId> {
        Some(self.incoming.as_ref()?.sentry_trace().span_id())
    }

    /// Lets a span that somebody else started take the place of ours.
    pub(super) fn adopt(&mut self, active: SentryTrace) {
        let trace_id = active.trace_id();
        self.incoming
            .take_if(|incoming| incoming.sentry_trace().trace_id() != trace_id);
        let rate = self.sampling.rate;
        let sampling = Sampling::decide(trace_id, inherited(self.incoming.as_ref()), || rate);
        self.sampling = sampling.overruled(active.sampled(), trace_id);
        self.trace = active;
    }

    /// Lets the recorder insist on a decision of its own. A caller's stands.
    #[inline]
    pub(super) fn overrule(&mut self, recorder: &Recorder) {
        let (trace, sampling) = (self.trace, self.sampling);
        let is_inherited = sampling.rate.is_none() && sampling.sampled.is_some();
        let sampled = recorder.overruling(trace.sampled());
        if !is_inherited && sampled != trace.sampled() {
            self.trace = SentryTrace::new(trace.trace_id(), trace.span_id(), sampled);
            self.sampling = sampling.overruled(sampled, trace.trace_id());
        }
    }

    /// Whether the context names the root span: only the head of a trace does, once it has decided.
    #[inline]
    pub(super) fn takes_name(&self) -> bool {
        self.incoming.is_none() && self.sampling.sampled.is_some()
    }

    #[inline]
    pub(super) fn into_context(self, options: &TraceOptions) -> DynamicSamplingContext {
        match self.incoming {
            Some(incoming) => {
                DynamicSamplingContext::continued(incoming.into_baggage(), self.sampling)
            }
            None => DynamicSamplingContext::of_head(
                self.trace.trace_id(),
                options.service_entries(),
                self.sampling,
            ),
        }
    }
}

fn inherited(incoming: Option<&IncomingTrace>) -> Inherited {
    incoming.map(Inherited::from).unwrap_or_default()
}
