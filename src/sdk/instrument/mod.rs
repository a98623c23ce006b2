//! What carries a Dynamic Sampling Context to Sentry, until the SDK does so itself.
//!
//! To be deleted, with the few lines of the bridge that name it, on the day that `tests/instrument/transport.rs`
//! finds the SDK's own envelopes right.

mod carrier;
mod http;
mod integration;
mod parcel;
mod sampler;
mod transport;
mod warning;

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use sentry::transports::DefaultTransportFactory;
use sentry::{Client, ClientOptions, TransportFactory};

pub(super) use carrier::Carrier;
use integration::Instrument;
pub(super) use integration::strategy_of;
pub use transport::EnvelopeForm;
use transport::Wrap;
pub(super) use warning::missed_by;

/// Makes the SDK send what the browser's SDK sends: the Dynamic Sampling Context of its trace with
/// each transaction, so that Sentry samples and weighs both halves of a trace by the same numbers.
///
/// ```
/// let options = sentry::ClientOptions::new()
///     .release("shop@1.4.0")
///     .traces_sample_rate(0.25);
/// let _guard = sentry::init(sentry_ssr::instrument(options));
/// ```
///
/// Without it everything else works, but the SDK's own transports send no context.
///
/// Rules:
///
/// 1. The envelope of every transaction started for a [`RootSpan`](crate::RootSpan), and of every
///    error event captured in its request, leaves with a `trace` header equal to the context in its
///    tags, unknown keys included; with none where that is empty. Sending freezes it.
/// 2. A trace is decided about once. A decision that came with it stands; else `traces_sampler` or
///    `traces_sample_rate` gives a rate, which is compared with the trace's
///    [`SampleRand`](crate::SampleRand). So it is for transactions that other code starts, too; these
///    leave as they do without all of this: with no context by the SDK's transports.
/// 3. The context travels inside of what is sent, as one entry in the data of its `trace` context, and
///    is taken out by the transport. `before_send` never sees it; an integration that looks at
///    events does.
/// 4. Options may still be set afterwards, but for `transport`: naming one then undoes it all.
///
/// What is given up depends on the transport:
///
/// | transport | rate limit on one category, client reports |
/// | --- | --- |
/// | none named, feature `reqwest` or `ureq` of this crate (the former first) | as ever |
/// | none named, neither feature; or one named | not for what has a context, see [`EnvelopeForm`] |
///
/// [`Instrumentation`] has the same as options.
pub fn instrument(options: ClientOptions) -> ClientOptions {
    Instrumentation::new().apply(options)
}

/// How [`instrument`] goes about it.
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
#[derive(Default)]
#[must_use]
pub struct Instrumentation {
    form: EnvelopeForm,
    http: Option<Arc<dyn TransportFactory>>,
}

// A transport that panics leaves nothing of ours half done.
impl UnwindSafe for Instrumentation {}
impl RefUnwindSafe for Instrumentation {}

impl Instrumentation {
    /// What [`instrument`] does.
    pub fn new() -> Self {
        Self::default()
    }

    /// The form in which a transport that the options name gets its envelopes.
    pub fn envelopes(self, form: EnvelopeForm) -> Self {
        Self { form, ..self }
    }

    /// The options with all that is needed.
    pub fn apply(self, mut options: ClientOptions) -> ClientOptions {
        let transport = self.transport(options.transport.take());
        options.transport = Some(Arc::clone(&transport));
        options.add_integration(Instrument { transport })
    }

    /// A transport that knows of contexts, else the named one or the SDK's default, wrapped.
    fn transport(self, named: Option<Arc<dyn TransportFactory>>) -> Arc<dyn TransportFactory> {
        let wrap = |inner| Wrap {
            inner,
            form: self.form,
        };
        match (self.http, named) {
            (Some(http), _) => http,
            (None, Some(named)) => Arc::new(wrap(named)),
            (None, None) => {
                http::default().unwrap_or_else(|| Arc::new(wrap(Arc::new(DefaultTransportFactory))))
            }
        }
    }
}

/// A carrier for a root span; `None` where the client is not instrumented.
pub(super) fn carrier(client: &Client) -> Option<Carrier> {
    strategy_of(client).map(|_| Carrier::default())
}

impl fmt::Debug for Instrumentation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instrumentation")
            .field("form", &self.form)
            .finish_non_exhaustive()
    }
}
