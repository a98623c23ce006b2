//! The transport over `ureq`.

use std::sync::Arc;
use std::time::Duration;

use sentry::client_report::Reason;
use sentry::transports::{RateLimiter, StdTransportThread, StdTransportThreadOptions};
use sentry::types::Scheme;
use sentry::{Envelope, Transport, TransportFactory, TransportOptions};
use ureq::tls::{TlsConfig, TlsProvider};
use ureq::{Agent, Proxy};

use super::envelope::EnvelopeWithDsc;
use super::ingest::{Endpoint, IngestResponse, MAX_IDLE, is_reset};

pub(super) struct Ureq;

struct UreqTransport(StdTransportThread);

impl TransportFactory for Ureq {
    fn create_transport_with_options(&self, options: TransportOptions) -> Arc<dyn Transport> {
        let agent = agent(&options);
        let endpoint = Endpoint::of(&options);
        let recorder = options.client_report_recorder.clone();
        let send = move |envelope: Envelope, limiter: &mut RateLimiter| {
            let envelope = EnvelopeWithDsc::split(envelope);
            if let Some(reason) = send(&agent, &endpoint, &envelope, limiter) {
                recorder.record_lost_data(&envelope.envelope, reason);
            }
        };
        let mut thread = StdTransportThreadOptions::new(send)
            .with_client_report_recorder(options.client_report_recorder);
        if let Some(capacity) = options.transport_channel_capacity {
            thread = thread.with_channel_capacity(capacity.get());
        }
        Arc::new(UreqTransport(thread.spawn_thread()))
    }
}

impl Transport for UreqTransport {
    fn send_envelope(&self, envelope: Envelope) {
        self.0.send(envelope);
    }

    fn flush(&self, timeout: Duration) -> bool {
        self.0.flush(timeout)
    }
}

/// Why the envelope was lost, if it was.
fn send(
    agent: &Agent,
    endpoint: &Endpoint,
    envelope: &EnvelopeWithDsc,
    limiter: &mut RateLimiter,
) -> Option<Reason> {
    let Ok(body) = envelope.to_bytes() else {
        return Some(Reason::InternalError);
    };
    let request = || {
        let request = agent.post(&endpoint.url);
        request.header("X-Sentry-Auth", &endpoint.auth).send(&body)
    };
    let answered = match request() {
        Err(ureq::Error::Io(error)) if is_reset(&error) => request(),
        answered => answered,
    };
    let Ok(mut response) = answered else {
        return Some(Reason::NetworkError);
    };
    // The connection can be reused only after its response has been read.
    let _unused = response.body_mut().read_to_vec();
    let answer = IngestResponse::of(response.status(), response.headers());
    answer.limit(limiter);
    answer.loss()
}

fn agent(options: &TransportOptions) -> Agent {
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .disable_verification(options.accept_invalid_certs);
    Agent::config_builder()
        .http_status_as_error(false)
        .tls_config(tls.build())
        .proxy(proxy(options))
        .max_idle_age(MAX_IDLE)
        .build()
        .new_agent()
}

fn proxy(options: &TransportOptions) -> Option<Proxy> {
    let https = options
        .https_proxy
        .as_ref()
        .filter(|_| options.dsn.scheme() == Scheme::Https);
    Proxy::new(https.or(options.http_proxy.as_ref())?).ok()
}
