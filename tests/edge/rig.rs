//! A service, the proxy before it, and the SDK that the service reports by.

use sentry::ClientOptions;
use sentry_ssr::TraceOptions;

use crate::client::{self, Response, Values};
use crate::origin::Origin;
use crate::proxy::{Kind, Proxy};
use crate::support::sdk::Sdk;

pub(crate) struct Rig {
    pub(crate) sdk: Sdk,
    pub(crate) origin: Origin,
    pub(crate) proxy: Proxy,
}

/// The options of the service without a rate.
pub(crate) fn options() -> TraceOptions {
    TraceOptions::new()
        .dsn("https://key@o7.ingest.sentry.io/42")
        .unwrap()
        .release("shop@1.4.0")
        .environment("production")
}

pub(crate) fn at_rate(rate: f64) -> TraceOptions {
    options().traces_sample_rate(rate).unwrap()
}

impl Rig {
    pub(crate) async fn start(kind: Kind, options: &TraceOptions) -> Self {
        // The service's own rate does not count.
        let sdk = Sdk::start(sentry_ssr::instrument(
            ClientOptions::new().traces_sample_rate(0.5),
        ));
        let origin = Origin::start(Some(&sdk)).await;
        let proxy = Proxy::start(kind, &kind.print(options), origin.address);
        Self { sdk, origin, proxy }
    }

    pub(crate) fn get(&self, path: &str, headers: &[&str]) -> Response {
        client::get(self.proxy.address, path, headers)
    }

    /// Asks for a page that no cache keeps; the trace that the browser reads, and what the service has seen.
    pub(crate) fn pass(&self, headers: &[&str]) -> (Values, crate::origin::Seen) {
        let response = self.get("/alone", headers);
        assert_eq!(response.status, 200, "{headers:?}");
        (response.values().unwrap(), self.origin.seen_once())
    }
}
