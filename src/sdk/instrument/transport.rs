use std::sync::Arc;
use std::time::Duration;

use sentry::{Envelope, Transport, TransportFactory, TransportOptions};

use super::envelope::EnvelopeWithDsc;

/// The form in which a transport of your choice receives the envelopes that have a context.
///
/// The SDK's own transports rebuild each envelope from its items and lose its headers, but send an envelope
/// of raw bytes unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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
pub(super) struct Wrap {
    pub(super) inner: Arc<dyn TransportFactory>,
    pub(super) form: EnvelopeForm,
}

struct Wrapped {
    // Not `Arc<T>`, whose `Transport` does not forward `flush`.
    inner: Arc<dyn Transport>,
    form: EnvelopeForm,
}

impl TransportFactory for Wrap {
    fn create_transport_with_options(&self, options: TransportOptions) -> Arc<dyn Transport> {
        Arc::new(Wrapped {
            inner: self.inner.create_transport_with_options(options),
            form: self.form,
        })
    }
}

impl Wrapped {
    fn prepare(&self, envelope: Envelope) -> Envelope {
        let envelope = EnvelopeWithDsc::split(envelope);
        match self.form {
            _ if !envelope.has_context() => envelope.into_envelope(),
            EnvelopeForm::Raw => envelope.into_raw(),
            EnvelopeForm::Typed => envelope.into_typed(),
        }
    }
}

impl Transport for Wrapped {
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
