use std::any::Any;
use std::sync::Arc;

use sentry::protocol::Event;
use sentry::{
    BeforeCallback, Client, ClientOptions, Integration, TracesSamplingStrategy, TransportFactory,
};

use super::{carrier, sampler};

/// Installs what a client needs besides the transport, when the client is made: options that were
/// set after [`instrument`](super::instrument) count as well.
pub(super) struct Instrument {
    /// The transport that takes out what is carried.
    pub(super) transport: Arc<dyn TransportFactory>,
}

/// Tells that a client is instrumented, and how its user meant to decide.
struct Installed {
    strategy: TracesSamplingStrategy,
}

impl Instrument {
    /// Whether the client will send by our transport. By another one, what is carried would go out.
    fn is_in_use(&self, options: &ClientOptions) -> bool {
        let transport = options.transport.as_ref();
        transport.is_some_and(|transport| Arc::ptr_eq(transport, &self.transport))
    }
}

impl Integration for Instrument {
    fn name(&self) -> &'static str {
        "sentry-ssr"
    }

    fn setup(&self, options: &mut ClientOptions) {
        if !self.is_in_use(options) || installed(options).is_some() {
            return;
        }
        let strategy = options.traces_sampling_strategy.clone();
        options.traces_sampling_strategy = sampler::by_the_rules(&strategy);
        options.before_send = options.before_send.take().map(hide_from);
        options.integrations.push(Arc::new(Installed { strategy }));
    }
}

impl Integration for Installed {}

/// The user's callback, which sees an event as if nothing were carried by it.
fn hide_from(before_send: BeforeCallback<Event<'static>>) -> BeforeCallback<Event<'static>> {
    Arc::new(move |mut event| {
        let carried = carrier::unload(&mut event.contexts);
        let mut event = before_send(event)?;
        if let Some(carried) = carried {
            carrier::load(&mut event.contexts, carried);
        }
        Some(event)
    })
}

/// How the user of an instrumented client meant to decide; `None` for any other client.
pub(in crate::sdk) fn strategy_of(client: &Client) -> Option<&TracesSamplingStrategy> {
    installed(client.options()).map(|installed| &installed.strategy)
}

fn installed(options: &ClientOptions) -> Option<&Installed> {
    options.integrations.iter().rev().find_map(|integration| {
        let integration: &dyn Any = &**integration;
        integration.downcast_ref()
    })
}
