//! The transport of an instrumented client that does not use one of this crate's HTTP transports: a wrapper around
//! another transport, or one that drops all envelopes.

use std::any::TypeId;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use sentry::{Envelope, Transport, TransportFactory, TransportOptions};

use super::envelope::EnvelopeWithDsc;

/// The form in which a transport of your choice receives the envelopes that have a context.
///
/// The SDK's own transports rebuild each envelope from its items and lose its headers, but send an envelope
/// of raw bytes unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum EnvelopeForm {
    /// Raw bytes, with every entry of the context. The transport cannot apply a rate limit on a single
    /// category to them (it honours a limit on everything), and cannot count a lost one in a client report.
    #[default]
    Raw,
    /// Items, with those entries of the context in the envelope's headers that the SDK knows. For a transport
    /// that inspects envelopes, such as one for tests; the SDK's own transports send no context then.
    Typed,
}

/// Creates a transport that passes envelopes in this form to another one.
pub(super) struct FormTransportFactory {
    pub(super) inner: Arc<dyn TransportFactory>,
    pub(super) form: EnvelopeForm,
}

struct FormTransport {
    // Not `Arc<T>`, whose `Transport` does not forward `flush`.
    inner: Arc<dyn Transport>,
    form: EnvelopeForm,
}

impl TransportFactory for FormTransportFactory {
    fn create_transport_with_options(&self, options: TransportOptions) -> Arc<dyn Transport> {
        Arc::new(FormTransport {
            inner: self.inner.create_transport_with_options(options),
            form: self.form,
        })
    }
}

impl FormTransport {
    fn prepare(&self, envelope: Envelope) -> Envelope {
        let envelope = EnvelopeWithDsc::split(envelope);
        match self.form {
            _ if !envelope.has_context() => envelope.into_envelope(),
            EnvelopeForm::Raw => envelope.into_raw(),
            EnvelopeForm::Typed => envelope.into_typed(),
        }
    }
}

impl Transport for FormTransport {
    fn send_envelope(&self, envelope: Envelope) {
        self.inner.send_envelope(self.prepare(envelope));
    }

    fn flush(&self, timeout: Duration) -> bool {
        self.inner.flush(timeout)
    }

    fn shutdown(&self, timeout: Duration) -> bool {
        self.inner.shutdown(timeout)
    }
}

/// Makes the SDK's default transport. If the SDK has none, it makes a transport that drops all envelopes, instead
/// of the SDK's panic.
pub(super) struct DefaultOrNone;

/// What the name of the SDK's type refers to if the SDK was compiled without a transport: in the scope of
/// a glob import, an imported name takes precedence. The features of a dependency cannot be queried otherwise.
enum HttpTransport {}

type NoHttpTransport = HttpTransport;

const MISSING: &str = "nothing is sent to Sentry, because the SDK was compiled without a transport: enable the \
    feature `reqwest` or `ureq` of `sentry-ssr`, or the feature `transport` of `sentry`";

impl TransportFactory for DefaultOrNone {
    fn create_transport_with_options(&self, options: TransportOptions) -> Arc<dyn Transport> {
        #[cfg_attr(
            not(test),
            expect(clippy::wildcard_imports, reason = "the name may be missing")
        )]
        use sentry::transports::*;

        if TypeId::of::<HttpTransport>() == TypeId::of::<NoHttpTransport>() {
            return none(&MISSING);
        }
        DefaultTransportFactory.create_transport_with_options(options)
    }
}

/// A transport that drops all envelopes. It logs the reason first.
pub(super) fn none(reason: &dyn Display) -> Arc<dyn Transport> {
    if tracing::dispatcher::has_been_set() {
        tracing::error!("{reason}");
    } else {
        // The SDK is usually started before a subscriber is installed.
        eprintln!("sentry-ssr: {reason}");
    }
    Arc::new(NoTransport)
}

struct NoTransport;

impl Transport for NoTransport {
    fn send_envelope(&self, _: Envelope) {}

    fn flush(&self, _: Duration) -> bool {
        true
    }
}
