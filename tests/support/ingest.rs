//! A Sentry ingest on loopback that keeps what it gets and answers as a test tells it to.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::oneshot;

use super::envelope::Envelope;

/// How long a test waits for what it expects.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// Listens until it is dropped, on a thread of its own.
pub(crate) struct Ingest {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    record: Mutex<Record>,
    changed: Condvar,
}

#[derive(Default)]
struct Record {
    envelopes: Vec<Envelope>,
    answers: VecDeque<Answer>,
}

/// What the ingest says to one envelope.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    delay: Duration,
}

impl Answer {
    pub(crate) fn status(status: u16) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            delay: Duration::ZERO,
        }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        let name = HeaderName::from_static(name);
        self.headers.insert(name, HeaderValue::from_static(value));
        self
    }

    pub(crate) fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }
}

impl Ingest {
    pub(crate) fn start() -> Self {
        let shared = Arc::<Shared>::default();
        let app = Router::new()
            .route("/api/{project}/envelope/", post(take))
            .layer(DefaultBodyLimit::disable())
            .with_state(Arc::clone(&shared));
        let (stop, stopped) = oneshot::channel();
        let (tell_address, address) = std::sync::mpsc::channel();
        let thread = thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
                tell_address.send(listener.local_addr().unwrap()).unwrap();
                tokio::select! {
                    served = axum::serve(listener, app) => served.unwrap(),
                    _ = stopped => {}
                }
            });
        });
        Self {
            address: address.recv_timeout(PATIENCE).unwrap(),
            shared,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// The address to send to: project 42, public key `public`.
    pub(crate) fn dsn(&self) -> String {
        format!("http://public@{}/42", self.address)
    }

    /// Answers the next envelopes like this, those behind them with 200 again.
    pub(crate) fn answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.shared.record.lock().unwrap().answers.extend(answers);
    }

    /// What has come so far, first come first.
    pub(crate) fn envelopes(&self) -> Vec<Envelope> {
        self.shared.record.lock().unwrap().envelopes.clone()
    }

    /// Waits until this many envelopes have come.
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Envelope> {
        self.wait_until(|envelopes| envelopes.len() >= count)
    }

    /// Waits until what has come is what is expected.
    pub(crate) fn wait_until(&self, is_there: impl Fn(&[Envelope]) -> bool) -> Vec<Envelope> {
        let end = Instant::now() + PATIENCE;
        let mut record = self.shared.record.lock().unwrap();
        while !is_there(&record.envelopes) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "waited in vain: {:#?}", record.envelopes);
            record = self.shared.changed.wait_timeout(record, left).unwrap().0;
        }
        record.envelopes.clone()
    }
}

async fn take(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, &'static str) {
    // None of the SDK's transports compresses.
    assert!(!headers.contains_key(header::CONTENT_ENCODING));
    let envelope = Envelope::parse(&body);
    let answer = {
        let mut record = shared.record.lock().unwrap();
        record.envelopes.push(envelope);
        record.answers.pop_front().unwrap_or(Answer::status(200))
    };
    shared.changed.notify_all();
    tokio::time::sleep(answer.delay).await;
    (answer.status, answer.headers, "{}")
}

impl Drop for Ingest {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let joined = thread.join();
            assert!(joined.is_ok() || thread::panicking(), "the ingest panicked");
        }
    }
}
