//! The hub of a request, the hubs that its tasks run under, and whether a thread may still use one.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock};
use std::thread;

use sentry::{Client, Hub, Scope, Transaction};

use super::span::{AdoptedSpan, SdkSpan};
use super::transaction::{Decider, StartedTransaction};
use super::{options, transaction};
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

pub(super) struct BoundScope<'a> {
    pub(super) hub: &'a Arc<Hub>,
    pub(super) client: &'a Client,
    pub(super) scope: &'a mut Scope,
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
            register();
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
        let started = StartedTransaction::new(&bound, transaction, values, decider);
        started.bind(bound.scope, bound.client, name, request);
        SdkSpan::Started(Arc::new(started))
    }
}

/// The hub that a task runs under.
#[derive(Clone)]
pub(crate) struct TaskHub(pub(super) Option<Arc<Hub>>);

impl TaskHub {
    pub(crate) const NONE: Self = Self(None);

    /// Runs `f` with this hub as the current one. Not for destructors.
    pub(crate) fn run<R>(self, f: impl FnOnce() -> R) -> R {
        match self.0 {
            Some(hub) if register() => Hub::run(hub, f),
            _ => f(),
        }
    }

    /// The same for destructors. A thread that is being torn down runs `f` without the hub.
    pub(crate) fn run_in_drop(self, f: impl FnOnce()) {
        match self.0 {
            Some(hub) if is_live() => Hub::run(hub, f),
            _ => f(),
        }
    }
}

/// A hub without a client: what is started or run there reports nothing.
pub(super) static SILENT_HUB: LazyLock<Arc<Hub>> =
    LazyLock::new(|| Arc::new(Hub::new(None, Arc::default())));

/// Created after the SDK's thread-local hub, so destroyed before it.
struct Sentinel;

impl Drop for Sentinel {
    fn drop(&mut self) {}
}

thread_local! {
    static SENTINEL: Sentinel = {
        drop(Hub::current());
        Sentinel
    };
    // Without a destructor, so that it stays readable until the thread ends.
    static IS_REGISTERED: Cell<bool> = const { Cell::new(false) };
}

/// Whether the SDK may use this thread's thread-locals, and registers the thread for [`is_live`]. Not for
/// destructors.
pub(super) fn register() -> bool {
    IS_REGISTERED.set(true);
    SENTINEL.try_with(|_| ()).is_ok()
}

/// Whether the SDK may use this thread's thread-locals. An unregistered thread counts as not live, because
/// asking the SDK itself could panic there.
pub(super) fn is_live() -> bool {
    IS_REGISTERED.get() && SENTINEL.try_with(|_| ()).is_ok()
}

/// Runs `f` and catches its panic. The SDK panics if a panic in the handler has poisoned a lock, and a second
/// panic in a destructor would abort the process.
fn without_panic(f: impl FnOnce()) {
    drop(catch_unwind(AssertUnwindSafe(f)));
}

/// Runs `f` so that it reports nothing. That includes a panic of its own: the SDK would report it on the
/// span that it has just locked, and deadlock.
pub(super) fn silently(f: impl FnOnce()) {
    without_panic(|| {
        if is_live() {
            Hub::run(Arc::clone(&SILENT_HUB), f);
        } else {
            f();
        }
    });
}

/// Runs `f` on a thread whose thread-locals the SDK may use: on this one if it is live, else on a new one.
///
/// On a thread that is being torn down the SDK would panic in a destructor, which aborts the process.
pub(super) fn on_live_thread(f: impl FnOnce() + Send + 'static) {
    if is_live() {
        without_panic(f);
    } else if let Ok(thread) = thread::Builder::new().spawn(|| without_panic(f)) {
        // On Windows a thread cannot start while another one is torn down, so joining it would never return.
        if !cfg!(windows) {
            let _panicked = thread.join();
        }
    }
}
