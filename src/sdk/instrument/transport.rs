use std::sync::Arc;
use std::time::Duration;

use sentry::{Envelope, Transport, TransportFactory, TransportOptions};

use super::parcel::Parcel;

/// The form in which a transport that you have named gets the envelopes that have a context.
///
/// The SDK's own transports rebuild each envelope from its items and lose its headers on the way, but
/// pass on untouched what is only bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum EnvelopeForm {
    /// As bytes, with every entry of the context. What the transport then cannot do: hold back a
    /// transaction or event for a rate limit on its category (a limit on everything it honours), and
    /// tell in a client report of one that was lost.
    #[default]
    Raw,
    /// As items, with those entries of the context in their headers that the SDK knows. For a
    /// transport of your own, such as one for tests, that looks into envelopes; the SDK's own
    /// transports send no context then.
    Typed,
}

/// Makes a transport that gives another one its envelopes in this form.
pub(super) struct Wrap {
    pub(super) inner: Arc<dyn TransportFactory>,
    pub(super) form: EnvelopeForm,
}

struct Wrapped {
    // Not of a type `T`: the SDK's `Transport` for `Arc<T>` does not forward `flush`.
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
        let parcel = Parcel::open(envelope);
        match self.form {
            _ if !parcel.has_context() => parcel.into_envelope(),
            EnvelopeForm::Raw => parcel.into_raw(),
            EnvelopeForm::Typed => parcel.into_typed(),
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
