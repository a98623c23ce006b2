//! The options of an SDK client as [`TraceOptions`], and what its sampler function is called with.

use std::cell::RefCell;
use std::sync::{Arc, Weak};

use http::{HeaderName, HeaderValue};
use sentry::{Client, ClientOptions, TracesSamplingStrategy, TransactionContext};

use serde_json::{Map, Value};

use super::{decimal, instrument, transaction};
use crate::id::SpanId;
use crate::options::{Dsn, TraceOptions};
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
            *options = Arc::new(convert(client));
        }
        Arc::clone(options)
    })
}

/// The sampling strategy that the user of a client has set.
pub(super) fn strategy_of(client: &Client) -> &TracesSamplingStrategy {
    instrument::strategy_of(client).unwrap_or(&client.options().traces_sampling_strategy)
}

fn convert(client: &Client) -> TraceOptions {
    let options = service_of(client.options());
    match strategy_of(client) {
        TracesSamplingStrategy::FixedRate(rate) => options.with_sampler(Sampler::Fixed(
            SampleRate::try_from(decimal(*rate)).unwrap_or(SampleRate::ZERO),
        )),
        TracesSamplingStrategy::Function(sampler) => {
            let sampler = Arc::clone(sampler);
            let is_instrumented = instrument::strategy_of(client).is_some();
            options.traces_sampler(move |context| {
                let rate = sampler(&sampler_context(context, None));
                // The SDK itself treats any number greater than 1 as 1.
                let rate = if is_instrumented {
                    rate
                } else {
                    rate.clamp(0.0, 1.0)
                };
                exact(rate, context.parent_sample_rate())
            })
        }
        _ => options,
    }
}

/// What a client's options say about its service.
fn service_of(client: &ClientOptions) -> TraceOptions {
    let mut options =
        TraceOptions::new().strict_trace_continuation(client.strict_trace_continuation);
    if let Some(dsn) = client
        .dsn
        .as_ref()
        .and_then(|dsn| Dsn::parse(&dsn.to_string()))
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
    options
}

/// The rate that a sampler meant: the caller's if the two are equal in the precision of the SDK.
fn exact(rate: f32, parent: Option<SampleRate>) -> f64 {
    let parent = parent.map(SampleRate::get);
    #[expect(
        clippy::float_cmp,
        reason = "a sampler that returns the caller's rate rounds it"
    )]
    let kept = parent.filter(|parent| rounded(*parent) == rate);
    kept.unwrap_or_else(|| decimal(rate))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the SDK's rates have this precision"
)]
fn rounded(rate: f64) -> f32 {
    rate as f32
}

/// A rate that keeps the caller's decision; `rate` if there is none. It is for the `traces_sampler` of the
/// SDK's client, as [`SamplingContext::inherit_or_sample_with`] is for that of
/// [`TraceOptions`](crate::TraceOptions).
///
/// If the caller sent no rate, this returns 1 for a sampled trace and 0 for an unsampled one.
///
/// ```
/// use sentry_ssr::{inherit_or_sample_with, instrument};
///
/// let options = sentry::ClientOptions::new().traces_sampler(|context| match context.name() {
///     "GET /health" => 0.0,
///     _ => inherit_or_sample_with(context, 0.25),
/// });
/// let _guard = sentry::init(instrument(options));
/// ```
#[must_use]
pub fn inherit_or_sample_with(context: &TransactionContext, rate: f32) -> f32 {
    let custom = context.custom();
    let parent_rate = custom.and_then(|custom| custom.get(PARENT_SAMPLE_RATE)?.as_f64());
    match (context.sampled(), parent_rate) {
        (Some(_), Some(parent_rate)) => rounded(parent_rate),
        (Some(sampled), None) => f32::from(sampled),
        (None, _) => rate,
    }
}

const PARENT_SAMPLE_RATE: &str = "parent_sample_rate";

/// What a sampler function of the SDK is called with. `sampled` is the caller's decision, and the rest of
/// [`SamplingContext`] is custom data under the names of its methods.
pub(super) fn sampler_context(
    context: &SamplingContext<'_>,
    span_id: Option<SpanId>,
) -> TransactionContext {
    let parent = context.incoming().map(|it| it.sentry_trace().span_id());
    let mut asked = transaction::with_text(context.name(), |name| {
        TransactionContext::new_with_details(
            name,
            context.op(),
            context.trace_id().into(),
            span_id.map(Into::into),
            parent.map(Into::into),
        )
    });
    asked.set_sampled(context.parent_sampled());
    *asked.custom_mut() = Some(custom(context));
    asked
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
        (PARENT_SAMPLE_RATE, rate.map(Value::from)),
        ("method", context.method().map(|it| it.as_str().into())),
        ("path", context.path().map(Value::from)),
        ("headers", headers.map(Value::Object)),
    ];
    let present = |(key, value): (&str, Option<Value>)| Some((key.to_owned(), value?));
    entries.into_iter().filter_map(present).collect()
}
