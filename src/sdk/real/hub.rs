use std::sync::Arc;

use sentry::{Client, Hub};

use super::Recorder;
use super::adopted::Adopted;
use super::started::Started;
use crate::header::SentryTrace;
use crate::id::SpanId;
use crate::name::TransactionName;
use crate::options::TraceOptions;
use crate::sdk::{RequestFacts, finish, options};

/// The hub of one request and its client, where one is bound.
pub(crate) struct RequestHub(Option<(Arc<Hub>, Arc<Client>)>);

impl RequestHub {
    /// A hub made from the current one, or from the main one where this thread's hub is older than
    /// the client.
    pub(crate) fn fresh() -> Self {
        let with_client = |hub: Arc<Hub>| hub.client().map(|client| (hub, client));
        let parent = with_client(Hub::current()).or_else(|| with_client(Hub::main()));
        Self(parent.map(|(parent, client)| {
            finish::see_this_thread();
            (Arc::new(Hub::new_from_top(parent)), client)
        }))
    }

    pub(crate) fn options(&self) -> Option<Arc<TraceOptions>> {
        let (_, client) = self.0.as_ref()?;
        Some(options::of_client(client))
    }

    /// Starts a transaction for the span that `trace` names, or adopts the one that is active.
    pub(crate) fn record(
        self,
        name: &TransactionName<'_>,
        trace: SentryTrace,
        parent: Option<SpanId>,
        facts: impl FnOnce() -> Option<Arc<dyn RequestFacts>>,
    ) -> Recorder {
        let Some((hub, client)) = self.0 else {
            return Recorder::Off;
        };
        // Once: each time the SDK copies the scope twice.
        hub.configure_scope(|scope| {
            if let Some(adopted) = Adopted::of(&hub, &client, scope) {
                return Recorder::Adopted(adopted);
            }
            let started = Started::new(Arc::clone(&hub), &client, name, trace, parent);
            started.bind(scope, &client, facts());
            Recorder::Started(started)
        })
    }
}
