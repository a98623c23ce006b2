//! Sends the Dynamic Sampling Context to Sentry, until the SDK does so itself.
//!
//! Delete it, with the few lines of the bridge that use it, when the test `the_sdk_alone_still_sends_no_context`
//! fails because the SDK's own envelopes are right.

mod envelope;
#[cfg(any(feature = "reqwest", feature = "ureq"))]
mod ingest;
mod integration;
#[cfg(feature = "reqwest")]
mod reqwest;
mod transport;
#[cfg(feature = "ureq")]
mod ureq;

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use sentry::{Client, ClientOptions, TransportFactory};

use crate::values::TraceValues;

pub(super) use envelope::DscAttachment;
use integration::InstrumentIntegration;
pub(super) use integration::{strategy_of, uninstrumented_strategy_of, with_decision};
pub use transport::EnvelopeForm;
use transport::{DefaultOrNone, FormTransportFactory};

/// Makes the SDK send what the browser SDK sends: the Dynamic Sampling Context of the trace with each
/// transaction, so that Sentry samples and extrapolates both halves of a trace by the same numbers.
///
/// ```
/// let options = sentry::ClientOptions::new()
///     .release("shop@1.4.0")
///     .traces_sample_rate(0.25);
/// let _guard = sentry::init(sentry_ssr::instrument(options));
/// ```
///
/// Without it everything else works, but the SDK's own transports drop the context.
///
/// Rules:
///
/// 1. The envelope of every transaction that a [`RootSpan`](crate::RootSpan) starts, and of every event captured
///    in its request, has a `trace` header equal to the context in the tags, unknown keys included. It has none
///    if that context is empty. Sending freezes the context.
/// 2. The decision on each trace is made once, under the rules of [`TraceOptions`](crate::TraceOptions): the client's
///    `traces_sampler` is called for continued traces too, and its rate is compared with the trace's
///    [`SampleRand`](crate::SampleRand). The same holds for transactions that other code starts; these are sent as
///    before, without a context by the SDK's transports.
/// 3. The context travels as one entry in the data of the `trace` context, and the transport removes it.
///    `before_send` never sees it; an integration that inspects events does.
/// 4. Options can still be set afterwards, except `transport`: setting it undoes the instrumentation.
///
/// The transport decides what is lost:
///
/// | transport | rate limits on one category, client reports |
/// | --- | --- |
/// | none set, feature `reqwest` or `ureq` of this crate (the former is preferred) | unchanged |
/// | none set, neither feature; or one set | not for envelopes with a context, see [`EnvelopeForm`] |
///
/// If none is set, neither feature is on and the SDK has no transport of its own, the client logs that when it is
/// made (to the `tracing` subscriber, else to standard error) and drops its envelopes.
///
/// [`Instrumentation`] offers the same with options.
pub fn instrument(options: ClientOptions) -> ClientOptions {
    Instrumentation::new().apply(options)
}

/// The options of [`instrument`].
///
/// ```
/// use sentry_ssr::{EnvelopeForm, Instrumentation};
///
/// let transport = sentry::test::TestTransport::new();
/// let options = sentry::ClientOptions::new()
///     .dsn("https://key@localhost/1")
///     .transport(transport.clone());
/// let client = sentry::Client::from(
///     Instrumentation::new().envelopes(EnvelopeForm::Typed).apply(options),
/// );
/// # assert!(client.is_enabled());
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct Instrumentation {
    form: EnvelopeForm,
    http: Option<Arc<dyn TransportFactory>>,
}

// A transport that panics leaves none of our state half-changed.
impl UnwindSafe for Instrumentation {}
impl RefUnwindSafe for Instrumentation {}

impl Instrumentation {
    /// The same as [`instrument`].
    pub fn new() -> Self {
        Self::default()
    }

    /// The form in which a transport that the client options set receives its envelopes.
    pub fn envelopes(self, form: EnvelopeForm) -> Self {
        Self { form, ..self }
    }

    /// Sends by `reqwest`, in place of the transport that the options name.
    #[cfg(feature = "reqwest")]
    pub fn reqwest(self) -> Self {
        Self {
            http: Some(Arc::new(reqwest::Reqwest)),
            ..self
        }
    }

    /// Sends by `ureq`, in place of the transport that the options name.
    #[cfg(feature = "ureq")]
    pub fn ureq(self) -> Self {
        Self {
            http: Some(Arc::new(ureq::Ureq)),
            ..self
        }
    }

    /// Instruments the options of a client.
    pub fn apply(self, mut options: ClientOptions) -> ClientOptions {
        let transport = self.transport(options.transport.take());
        options.transport = Some(Arc::clone(&transport));
        options.add_integration(InstrumentIntegration { transport })
    }

    /// A transport that sends contexts by itself, or a wrapper around the given one or the SDK's default.
    fn transport(self, named: Option<Arc<dyn TransportFactory>>) -> Arc<dyn TransportFactory> {
        let in_form = |inner| FormTransportFactory {
            inner,
            form: self.form,
        };
        match (self.http, named) {
            (Some(http), _) => http,
            (None, Some(named)) => Arc::new(in_form(named)),
            (None, None) => http().unwrap_or_else(|| Arc::new(in_form(Arc::new(DefaultOrNone)))),
        }
    }
}

/// This crate's transport over HTTP, for a client that sets none: over the HTTP client that the SDK would prefer.
fn http() -> Option<Arc<dyn TransportFactory>> {
    let by_preference: &[fn() -> Arc<dyn TransportFactory>] = &[
        #[cfg(feature = "reqwest")]
        || Arc::new(reqwest::Reqwest),
        #[cfg(feature = "ureq")]
        || Arc::new(ureq::Ureq),
    ];
    by_preference.first().map(|make| make())
}

/// The attachment for a root span; `None` if the client is not instrumented.
pub(super) fn attachment(client: &Client, values: &Arc<TraceValues>) -> Option<DscAttachment> {
    strategy_of(client).map(|_| DscAttachment::new(values))
}

impl fmt::Debug for Instrumentation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instrumentation")
            .field("form", &self.form)
            .finish_non_exhaustive()
    }
}
