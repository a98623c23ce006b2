use sentry_ssr::{IncomingTrace, RootSpan, SentryTrace, TraceOptions, TransactionName};
use serde::Serialize;

use crate::answer::{Answer, Sent};

/// One question to all: what came, and how the service is set up that it came to.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Request {
    pub(crate) sentry_trace: String,
    pub(crate) baggage: String,
    pub(crate) service: Service,
}

#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Service {
    pub(crate) rate: Option<f64>,
    /// What a sampler returns.
    pub(crate) sampler: Option<f64>,
    /// Whether the sampler returns it only where the caller has no rate.
    pub(crate) inherits: bool,
    pub(crate) org_id: Option<u64>,
    pub(crate) is_strict: bool,
}

impl Request {
    /// What this crate sends on.
    pub(crate) fn answer(&self) -> Answer {
        let incoming = IncomingTrace::parse([&self.sentry_trace], [&self.baggage]);
        let name = TransactionName::route("GET", "/users/{id}");
        let span = RootSpan::start(&self.service.options(), incoming, &name);
        Answer::Sends(Sent {
            sentry_trace: span.sentry_trace().to_string(),
            baggage: span.baggage().to_string(),
            parent_span_id: span.parent_span_id().map(|id| id.to_string()),
        })
    }

    /// The decision that came.
    pub(crate) fn decision(&self) -> Option<bool> {
        let trace: Option<SentryTrace> = self.sentry_trace.parse().ok();
        trace?.sampled()
    }

    pub(crate) fn is_decided(&self) -> bool {
        self.decision().is_some() || self.service.decides()
    }
}

impl Service {
    /// Whether it decides about the traces that it starts.
    pub(crate) fn decides(self) -> bool {
        self.rate.is_some() || self.sampler.is_some()
    }

    fn options(self) -> TraceOptions {
        let host = match self.org_id {
            Some(org_id) => format!("o{org_id}.ingest.sentry.io"),
            None => "localhost".to_owned(),
        };
        let options = TraceOptions::new()
            .dsn(&format!("https://key@{host}/1"))
            .unwrap()
            .release("ours@1")
            .environment("ours")
            .strict_trace_continuation(self.is_strict);
        let inherits = self.inherits;
        match (self.sampler, self.rate) {
            (Some(rate), _) => {
                options.traces_sampler(move |context| match context.parent_sample_rate() {
                    Some(parent_rate) if inherits => parent_rate.get(),
                    _ => rate,
                })
            }
            (None, Some(rate)) => options.traces_sample_rate(rate).unwrap(),
            (None, None) => options,
        }
    }
}
