//! The hub of a request, and its scope while the root span starts.

use std::sync::Arc;

use sentry::{Client, Hub, Scope, Transaction};

use super::span::{AdoptedSpan, SdkSpan};
use super::transaction::{Decider, StartedTransaction};
use super::{hub, options, transaction};
use crate::id::SpanId;
use crate::name::TransactionName;
use crate::options::TraceOptions;
use crate::propagation::SentryTrace;
use crate::request::RequestInfo;
use crate::sampling::{SamplingContext, SdkDecision};
use crate::values::TraceValues;

/// The hub of one request and its client; `None` if no client is bound.
pub(crate) struct RequestHub(Option<(Arc<Hub>, Arc<Client>)>);

/// The scope of a request's hub while its root span starts.
pub(crate) struct RequestScope<'a>(Option<BoundScope<'a>>);

struct BoundScope<'a> {
    hub: &'a Arc<Hub>,
    client: &'a Client,
    scope: &'a mut Scope,
    adopted: Option<AdoptedSpan>,
    /// The transaction of an SDK that has decided by itself.
    decided: Option<Transaction>,
}

impl RequestHub {
    /// A hub created from the current one, or from the main one if this thread's hub is older than the
    /// client.
    pub(crate) fn from_current() -> Self {
        let with_client = |hub: Arc<Hub>| hub.client().map(|client| (hub, client));
        let parent = with_client(Hub::current()).or_else(|| with_client(Hub::main()));
        Self(parent.map(|(parent, client)| {
            hub::register();
            (Arc::new(Hub::new_from_top(parent)), client)
        }))
    }

    /// The same hub without an active span, which the root span would adopt.
    pub(crate) fn without_active_span(self) -> Self {
        if let Some((hub, _)) = &self.0 {
            hub.configure_scope(|scope| scope.set_span(None));
        }
        self
    }

    /// The options of the client.
    pub(crate) fn options(&self) -> Option<Arc<TraceOptions>> {
        let (_, client) = self.0.as_ref()?;
        Some(options::of_client(client))
    }

    /// Runs `f` with the scope. All changes are made in this one call, because the SDK copies the scope twice for each.
    pub(crate) fn with_scope<R>(self, mut f: impl FnMut(RequestScope<'_>) -> R) -> R {
        let Some((hub, client)) = &self.0 else {
            return f(RequestScope(None));
        };
        hub.configure_scope(|scope| {
            Some(f(RequestScope(Some(BoundScope {
                hub,
                client,
                adopted: AdoptedSpan::find(hub, client, scope),
                scope,
                decided: None,
            }))))
        })
        .unwrap_or_else(|| f(RequestScope(None)))
    }
}

impl RequestScope<'_> {
    /// The trace of the span that was active before, and is adopted.
    pub(crate) fn active_trace(&self) -> Option<SentryTrace> {
        self.0.as_ref()?.adopted.as_ref()?.trace()
    }

    /// The decision of an SDK that does not accept ours: that of an adopted span, or of a sampler function that
    /// the SDK calls by itself.
    pub(crate) fn decide(
        &mut self,
        context: &SamplingContext<'_>,
        span_id: SpanId,
    ) -> Option<SdkDecision> {
        let bound = self.0.as_mut()?;
        if let Some(adopted) = &bound.adopted {
            return Some(SdkDecision(adopted.trace()?.sampled()));
        }
        if Decider::of(bound.client) != Decider::Sdk {
            return None;
        }
        let context = options::sampler_context(context, Some(span_id));
        let transaction = bound.hub.start_transaction(context);
        let sampled = transaction::trace_of(&transaction.clone().into())?.sampled();
        bound.decided = Some(transaction);
        Some(SdkDecision(sampled))
    }

    /// Starts the transaction, unless a span was adopted, and makes it the active span of the request.
    /// `is_traced` says whether it may be sent.
    pub(crate) fn start(
        self,
        name: TransactionName<'_>,
        request: Option<RequestInfo<'_>>,
        values: &Arc<TraceValues>,
        is_traced: bool,
    ) -> SdkSpan {
        let Some(mut bound) = self.0 else {
            return SdkSpan::Off;
        };
        if let Some(adopted) = bound.adopted.take() {
            return SdkSpan::Adopted(Arc::new(adopted.with_values(bound.scope, values)));
        }
        let decider = if is_traced {
            Decider::of(bound.client)
        } else {
            Decider::Off
        };
        let transaction = match bound.decided.take() {
            Some(transaction) => transaction,
            None => decider.start(bound.hub, name, values),
        };
        let started =
            StartedTransaction::new(bound.hub, bound.client, transaction, values, decider);
        started.bind(bound.scope, bound.client, name, request);
        SdkSpan::Started(Arc::new(started))
    }
}
