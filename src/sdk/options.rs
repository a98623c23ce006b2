use std::cell::RefCell;
use std::sync::{Arc, Weak};

use sentry::{Client, ClientOptions, TracesSamplingStrategy, TransactionContext};

use super::{OP, instrument, rate};
use crate::options::TraceOptions;
use crate::sampling::{SampleRate, Sampler, SamplingContext};

thread_local! {
    /// The options of the client that was asked for last: nearly always the process's only one.
    static LAST: RefCell<(Weak<Client>, Arc<TraceOptions>)> = RefCell::default();
}

/// The options of a client, converted once a thread and client.
pub(super) fn of_client(client: &Arc<Client>) -> Arc<TraceOptions> {
    LAST.with_borrow_mut(|(known, options)| {
        if !std::ptr::eq(known.as_ptr(), Arc::as_ptr(client)) {
            *known = Arc::downgrade(client);
            *options = Arc::new(convert(client.options(), strategy_of(client)));
        }
        Arc::clone(options)
    })
}

/// How the user of a client meant to decide.
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
            rate::of_sdk(*rate).unwrap_or(SampleRate::ZERO),
        )),
        TracesSamplingStrategy::Function(sampler) => {
            let sampler = Arc::clone(sampler);
            options.traces_sampler(move |context| rate::number(sampler(&to_sdk(context))))
        }
        _ => options,
    }
}

fn to_sdk(context: &SamplingContext<'_>) -> TransactionContext {
    let trace_id = (*context.trace_id().as_bytes()).into();
    TransactionContext::new_with_trace_id(&context.name().to_string(), OP, trace_id)
}
