//! A Sentry client with the SDK's own HTTP transport, on a hub of its own: tests run side by side in
//! one process, so none of them may bind a client to the process.

use std::future::Future;
use std::sync::Arc;

use sentry::{Client, ClientOptions, Hub, SentryFutureExt};
use serde_json::Value;

use super::envelope::Envelope;
use super::ingest::{Ingest, PATIENCE};

pub(crate) struct Sdk {
    pub(crate) ingest: Ingest,
    client: Arc<Client>,
    hub: Arc<Hub>,
}

impl Sdk {
    /// Starts a client with these options and the DSN of an ingest of its own.
    pub(crate) fn start(options: ClientOptions) -> Self {
        let ingest = Ingest::start();
        let dsn = ingest.dsn();
        Self::start_with(ingest, options.dsn(dsn.as_str()))
    }

    /// Starts a client with just these options.
    pub(crate) fn start_with(ingest: Ingest, options: ClientOptions) -> Self {
        let mut options = sentry::apply_defaults(options);
        // The SDK drops envelopes where more of them wait; by default where more than 30 do.
        options.transport_channel_capacity =
            options.transport_channel_capacity.or(5000.try_into().ok());
        let client = Arc::new(Client::from(options));
        let hub = Arc::new(Hub::new(Some(Arc::clone(&client)), Arc::default()));
        Self {
            ingest,
            client,
            hub,
        }
    }

    /// A client that sends every transaction.
    pub(crate) fn sampling_all() -> Self {
        Self::start(ClientOptions::new().traces_sample_rate(1.0))
    }

    pub(crate) fn client(&self) -> &Arc<Client> {
        &self.client
    }

    pub(crate) fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// Runs a closure where this client is the bound one.
    pub(crate) fn run<R>(&self, f: impl FnOnce() -> R) -> R {
        Hub::run(Arc::clone(&self.hub), f)
    }

    /// Runs a future where this client is the bound one, on whichever thread it is polled.
    pub(crate) fn scope<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        future.bind_hub(Arc::clone(&self.hub))
    }

    /// All envelopes that were sent, once they have all arrived.
    pub(crate) fn sent(&self) -> Vec<Envelope> {
        assert!(self.client.flush(Some(PATIENCE)));
        self.ingest.envelopes()
    }

    /// The payloads of all items of a kind that were sent.
    pub(crate) fn sent_of_kind(&self, kind: &str) -> Vec<Value> {
        self.sent()
            .iter()
            .flat_map(|envelope| envelope.of_kind(kind).cloned().collect::<Vec<_>>())
            .collect()
    }

    /// The transactions that were sent.
    pub(crate) fn transactions(&self) -> Vec<Value> {
        self.sent_of_kind("transaction")
    }

    /// The error events that were sent.
    pub(crate) fn events(&self) -> Vec<Value> {
        self.sent_of_kind("event")
    }

    /// The one transaction that was sent.
    pub(crate) fn transaction(&self) -> Value {
        let [transaction] = self.transactions().try_into().unwrap_or_else(|all| {
            panic!("not one transaction but {all:#?}");
        });
        transaction
    }

    /// The one error event that was sent.
    pub(crate) fn event(&self) -> Value {
        let [event] = self.events().try_into().unwrap_or_else(|all| {
            panic!("not one event but {all:#?}");
        });
        event
    }
}
