//! What comes in, and what goes out for it: one line a rule.

mod continued;
mod head;
mod name;
mod organization;
mod sample_rand;
mod sampler;
mod size;

use sentry_ssr::{IncomingTrace, RootSpan, SampleRand, SampleRate, TraceOptions, TransactionName};

use crate::support::ids::{TRACE_ID, sentry_trace};

/// What a caller sent, and how this service is set up.
#[derive(Default)]
struct Scenario {
    sentry_trace: String,
    baggage: &'static str,
    options: TraceOptions,
}

impl Scenario {
    fn head(options: TraceOptions) -> Self {
        Self {
            options,
            ..Self::default()
        }
    }

    /// `flag` is what stands behind the ids: `-1`, `-0` or nothing.
    fn called(flag: &str, baggage: &'static str) -> Self {
        let sentry_trace = sentry_trace(flag);
        Self {
            sentry_trace,
            baggage,
            ..Self::default()
        }
    }

    fn with(self, options: TraceOptions) -> Self {
        Self { options, ..self }
    }

    fn span(&self) -> RootSpan {
        let incoming = IncomingTrace::parse([&self.sentry_trace], [self.baggage]);
        RootSpan::start(
            &self.options,
            incoming,
            &TransactionName::route("GET", "/users/{id}"),
        )
    }

    /// The value of `sentry-trace` without the span id, which is ours and new.
    fn trace_and_decision(&self) -> String {
        let span = self.span();
        span.sentry_trace()
            .to_string()
            .replace(&span.span_id().to_string(), "*")
    }

    #[track_caller]
    fn continues_with(&self, decision: &str, baggage: &str) {
        assert_eq!(self.trace_and_decision(), format!("{TRACE_ID}-*{decision}"));
        assert_eq!(self.span().baggage().as_str(), baggage);
    }

    #[track_caller]
    fn starts_a_new_trace(&self) {
        let span = self.span();
        assert_ne!(span.trace_id().to_string(), TRACE_ID);
        assert_eq!(span.parent_span_id(), None);
        let context = span.dynamic_sampling_context();
        assert_eq!(
            context.get("trace_id").unwrap(),
            span.trace_id().to_string()
        );
        assert_eq!(
            context.get("release").as_deref(),
            None,
            "nothing of the caller's baggage"
        );
    }
}

fn options() -> TraceOptions {
    TraceOptions::new()
}

fn rate(rate: f64) -> TraceOptions {
    options().traces_sample_rate(rate).unwrap()
}

fn entries(span: &RootSpan) -> Vec<(String, String)> {
    let baggage = span.baggage();
    baggage
        .iter()
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect()
}

#[track_caller]
fn assert_invariant(span: &RootSpan) {
    let context = span.dynamic_sampling_context();
    let rand: SampleRand = context.get("sample_rand").unwrap().parse().unwrap();
    let rate: SampleRate = context.get("sample_rate").unwrap().parse().unwrap();
    let sampled: bool = context.get("sampled").unwrap().parse().unwrap();
    assert_eq!(rand.is_below(rate), sampled, "{context}");
    assert_eq!(span.sampled(), Some(sampled));
}
