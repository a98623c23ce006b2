//! The transport over `reqwest`.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, ClientBuilder, Proxy};
use sentry::client_report::Reason;
use sentry::transports::{RateLimiter, TokioTransportThread, TokioTransportThreadOptions};
use sentry::types::Scheme;
use sentry::{Envelope, Transport, TransportFactory, TransportOptions};

use super::envelope::EnvelopeWithDsc;
use super::ingest::{Endpoint, IngestResponse, MAX_IDLE, is_reset};
use super::transport;

pub(super) struct Reqwest;

const NO_CLIENT: &str = "nothing is sent to Sentry, because the HTTP client cannot be built (are root certificates \
     installed, for example from Debian's package `ca-certificates`?)";

struct ReqwestTransport(TokioTransportThread);

impl TransportFactory for Reqwest {
    fn create_transport_with_options(&self, options: TransportOptions) -> Arc<dyn Transport> {
        let client = match client(&options) {
            Ok(client) => client,
            Err(error) => return transport::none(&format_args!("{NO_CLIENT}: {error:?}")),
        };
        let endpoint = Endpoint::of(&options);
        let recorder = options.client_report_recorder.clone();
        let send = move |envelope: Envelope, mut limiter: RateLimiter| {
            let envelope = EnvelopeWithDsc::split(envelope);
            let recorder = recorder.clone();
            let request = request(&client, &endpoint, &envelope);
            async move {
                poll_connections().await;
                if let Some(reason) = send(request, &mut limiter).await {
                    recorder.record_lost_data(&envelope.envelope, reason);
                }
                limiter
            }
        };
        let mut thread = TokioTransportThreadOptions::new(send)
            .with_client_report_recorder(options.client_report_recorder);
        if let Some(capacity) = options.transport_channel_capacity {
            thread = thread.with_channel_capacity(capacity.get());
        }
        Arc::new(ReqwestTransport(thread.spawn_thread()))
    }
}

impl Transport for ReqwestTransport {
    fn send_envelope(&self, envelope: Envelope) {
        self.0.send(envelope);
    }

    fn flush(&self, timeout: Duration) -> bool {
        self.0.flush(timeout)
    }
}

/// Drives the runtime, which does not run between two envelopes, so that the client notices closed connections: the
/// first yield polls the operating system, the second one wakes the connections.
async fn poll_connections() {
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
}

fn request(
    client: &Client,
    endpoint: &Endpoint,
    envelope: &EnvelopeWithDsc,
) -> Option<reqwest::RequestBuilder> {
    let body = envelope.to_bytes().ok()?;
    let request = client
        .post(&endpoint.url)
        .header("X-Sentry-Auth", &endpoint.auth);
    Some(request.body(body))
}

/// Why the request was lost, if it was.
async fn send(
    request: Option<reqwest::RequestBuilder>,
    limiter: &mut RateLimiter,
) -> Option<Reason> {
    let Some(request) = request else {
        return Some(Reason::InternalError);
    };
    let again = request.try_clone();
    let answered = match (request.send().await, again) {
        (Err(error), Some(again)) if is_reset(&error) => again.send().await,
        (answered, _) => answered,
    };
    let Ok(response) = answered else {
        return Some(Reason::NetworkError);
    };
    let answer = IngestResponse::of(response.status(), response.headers());
    answer.limit(limiter);
    let loss = answer.loss();
    // The connection can be reused only after its response has been read.
    let _unused = response.bytes().await;
    loss
}

/// A client without root certificates, for containers that have none. It can only use plain HTTP.
fn client(options: &TransportOptions) -> reqwest::Result<Client> {
    let client = builder(options).build();
    client.or_else(|error| match options.dsn.scheme() {
        Scheme::Http => builder(options).tls_certs_only([]).build(),
        Scheme::Https => Err(error),
    })
}

fn builder(options: &TransportOptions) -> ClientBuilder {
    let mut client = Client::builder().pool_idle_timeout(MAX_IDLE);
    if options.accept_invalid_certs {
        client = client.danger_accept_invalid_certs(true);
    }
    let http = options.http_proxy.as_deref().map(Proxy::http);
    let https = options.https_proxy.as_deref().map(Proxy::https);
    for proxy in [http, https].into_iter().flatten().flatten() {
        client = client.proxy(proxy);
    }
    client
}
