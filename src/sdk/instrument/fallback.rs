use std::any::TypeId;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use sentry::{Envelope, Transport, TransportFactory, TransportOptions};

/// Makes the SDK's default transport; where there is none, a transport that drops all envelopes, in place of
/// the SDK's panic.
pub(super) struct DefaultOrNone;

/// What the name of the SDK's type refers to where the SDK was compiled without a transport: in the scope of
/// a glob import, an imported name takes precedence. The features of a dependency cannot be queried otherwise.
enum HttpTransport {}

type NoHttpTransport = HttpTransport;

const MISSING: &str = "nothing is sent to Sentry, because the SDK was compiled without a transport: add the \
    feature `reqwest` or `ureq` to `sentry-ssr`, or a transport of its own to `sentry` (its feature `transport`)";

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

/// A transport that drops all envelopes, after it has said why.
pub(super) fn none(reason: &dyn Display) -> Arc<dyn Transport> {
    if tracing::dispatcher::has_been_set() {
        tracing::error!("{reason}");
    } else {
        // The SDK is mostly started before a subscriber is.
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
