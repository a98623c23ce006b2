use std::cell::RefCell;
use std::sync::{Arc, Weak};

use http::{HeaderName, HeaderValue};
use sentry::{Client, ClientOptions, TracesSamplingStrategy, TransactionContext};

use serde_json::{Map, Value};

use super::instrument;
use crate::id::SpanId;
use crate::options::TraceOptions;
use crate::sampling::{SampleRate, Sampler, SamplingContext};

thread_local! {
    /// The options of the last client: nearly always the only one of the process.
    static LAST: RefCell<(Weak<Client>, Arc<TraceOptions>)> = RefCell::default();
}

/// The options of a client, converted once per thread and client.
pub(super) fn of_client(client: &Arc<Client>) -> Arc<TraceOptions> {
    LAST.with_borrow_mut(|(known, options)| {
        if !std::ptr::eq(known.as_ptr(), Arc::as_ptr(client)) {
            *known = Arc::downgrade(client);
            *options = Arc::new(convert(client.options(), strategy_of(client)));
        }
        Arc::clone(options)
    })
}

/// The sampling strategy that the user of a client has set.
pub(super) fn strategy_of(client: &Client) -> &TracesSamplingStrategy {
    instrument::strategy_of(client).unwrap_or(&client.options().traces_sampling_strategy)
}

fn convert(client: &ClientOptions, strategy: &TracesSamplingStrategy) -> TraceOptions {
    let mut options =
        TraceOptions::new().strict_trace_continuation(client.strict_trace_continuation);
    if let Some(dsn) = client
        .dsn
        .as_ref()
        .and_then(|dsn| dsn.to_string().parse().ok())
    {
        options = options.with_dsn(dsn);
    }
    if let Some(release) = client.release.as_deref() {
        options = options.release(release);
    }
    if let Some(environment) = client.environment.as_deref() {
        options = options.environment(environment);
    }
    if let Some(org_id) = client.org_id.and_then(|id| id.to_string().parse().ok()) {
        options = options.org_id(org_id);
    }
    match strategy {
        TracesSamplingStrategy::FixedRate(rate) => options.with_sampler(Sampler::Fixed(
            SampleRate::try_from(decimal(*rate)).unwrap_or(SampleRate::ZERO),
        )),
        TracesSamplingStrategy::Function(sampler) => {
            let sampler = Arc::clone(sampler);
            options.traces_sampler(move |context| decimal(sampler(&sampler_context(context, None))))
        }
        _ => options,
    }
}

/// What a sampler function of the SDK is called with. `sampled` is the caller's decision, and the rest of
/// [`SamplingContext`] is custom data under the names of its methods.
pub(super) fn sampler_context(
    context: &SamplingContext<'_>,
    span_id: Option<SpanId>,
) -> TransactionContext {
    let parent = context.incoming().map(|it| it.sentry_trace().span_id());
    let mut transaction = context.name().with_text(|name| {
        TransactionContext::new_with_details(
            name,
            context.op(),
            context.trace_id().into(),
            span_id.map(Into::into),
            parent.map(Into::into),
        )
    });
    transaction.set_sampled(context.parent_sampled());
    *transaction.custom_mut() = Some(custom(context));
    transaction
}

fn custom(context: &SamplingContext<'_>) -> Map<String, Value> {
    let rate = context.parent_sample_rate().map(SampleRate::get);
    let headers = context.headers().map(|headers| {
        let text = |(name, value): (&HeaderName, &HeaderValue)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.into()))
        };
        headers.iter().filter_map(text).collect::<Map<_, _>>()
    });
    let entries = [
        ("parent_sampled", context.parent_sampled().map(Value::from)),
        ("parent_sample_rate", rate.map(Value::from)),
        ("method", context.method().map(|it| it.as_str().into())),
        ("path", context.path().map(Value::from)),
        ("headers", headers.map(Value::Object)),
    ];
    let present = |(key, value): (&str, Option<Value>)| Some((key.to_owned(), value?));
    entries.into_iter().filter_map(present).collect()
}

/// The decimal number that was meant: `0.1_f32` is not the `f64` nearest to a tenth.
pub(super) fn decimal(rate: f32) -> f64 {
    rate.to_string().parse().unwrap_or_default()
}
