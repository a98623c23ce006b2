//! One request's tracing without HTTP: from its headers to both tags in the caller's buffer.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use const_hex::Buffer;
use http::{HeaderMap, HeaderName, HeaderValue};
use sentry::{Client, ClientOptions, Envelope, Hub, TransactionContext, Transport};
use sentry_ssr::{IncomingTrace, RootSpan, TraceOptions, TransactionName};
use uuid::Uuid;

/// A page has room for the tags before they are rendered.
pub(crate) const ROOM: usize = 1024;

const DSN: &str = "https://0123456789abcdef0123456789abcdef@o7.ingest.sentry.io/42";
const RELEASE: &str = "shop@1.4.0";
const ENVIRONMENT: &str = "production";

const SENTRY_TRACE: &str = "771a43a4192642f0b136d5159a501700-b7ad6b7169203331-";
const BAGGAGE: &str = "sentry-trace_id=771a43a4192642f0b136d5159a501700,\
    sentry-public_key=0123456789abcdef0123456789abcdef,sentry-release=shop%401.4.0,\
    sentry-environment=production,sentry-org_id=7,sentry-sample_rand=0.017842,\
    sentry-sample_rate=0.25,sentry-sampled=true,sentry-transaction=GET%20%2Fcheckout";

/// Takes envelopes and does nothing with them but count.
#[derive(Default)]
pub(crate) struct Swallow(AtomicUsize);

impl Swallow {
    pub(crate) fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Transport for Swallow {
    fn send_envelope(&self, _: Envelope) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// What is traced: who has called, and who reports.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Case {
    pub(crate) is_continued: bool,
    /// The rate of the client, if there is one.
    pub(crate) client: Option<f32>,
}

pub(crate) const CASES: [Case; 6] = [
    case(false, None),
    case(true, None),
    case(false, Some(0.0)),
    case(true, Some(0.0)),
    case(false, Some(1.0)),
    case(true, Some(1.0)),
];

const fn case(is_continued: bool, client: Option<f32>) -> Case {
    Case {
        is_continued,
        client,
    }
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_continued {
            "continued"
        } else {
            "head"
        })?;
        match self.client {
            None => f.write_str(", no client"),
            Some(rate) => write!(f, ", rate {rate}"),
        }
    }
}

impl Case {
    /// Runs `f` where the case's client is bound.
    pub(crate) fn run<R>(self, f: impl FnOnce() -> R) -> R {
        let client = self
            .client
            .map(|rate| Arc::new(client(rate, Arc::default())));
        Hub::run(Arc::new(Hub::new(client, Arc::default())), f)
    }

    fn sentry_trace(self) -> String {
        let sampled = if self.client == Some(0.0) { "0" } else { "1" };
        format!("{SENTRY_TRACE}{sampled}")
    }

    /// The headers of a browser, with those of the caller behind them.
    pub(crate) fn headers(self) -> HeaderMap {
        let mut headers = vec![
            ("host", "localhost:3000"),
            (
                "user-agent",
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            ),
            (
                "accept",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            ),
            ("accept-language", "en-US,en;q=0.5"),
            ("accept-encoding", "gzip, deflate, br, zstd"),
            ("connection", "keep-alive"),
        ];
        let sentry_trace = self.sentry_trace();
        if self.is_continued {
            headers.extend([("sentry-trace", &*sentry_trace), ("baggage", BAGGAGE)]);
        }
        headers
            .into_iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_str(value).unwrap(),
                )
            })
            .collect()
    }

    /// This crate: both tags.
    #[expect(clippy::unused_self, reason = "read as `case.ours(…)`")]
    pub(crate) fn ours(self, headers: &HeaderMap, options: &TraceOptions, page: &mut String) {
        let incoming = IncomingTrace::from_headers(headers);
        let span = RootSpan::start(
            options,
            incoming,
            &TransactionName::route("GET", "/users/{id}"),
        );
        write!(page, "{}", span.meta_tags()).unwrap();
    }

    /// The SDK alone, which has no baggage: the value of `sentry-trace`. It is shown no more headers
    /// than it needs.
    #[expect(clippy::unused_self, reason = "read as `case.sdk(…)`")]
    pub(crate) fn sdk(self, headers: &HeaderMap, page: &mut String) {
        let headers = ["sentry-trace", "baggage"]
            .into_iter()
            .filter_map(|name| Some((name, headers.get(name)?.to_str().ok()?)));
        let context =
            TransactionContext::continue_from_headers("GET /users/{id}", "http.server", headers);
        let transaction = sentry::start_transaction(context);
        for (_, value) in transaction.iter_headers() {
            page.push_str(&value);
        }
        transaction.finish();
    }
}

/// The least that can be done: two random ids, their digits, and a copy of as many bytes.
pub(crate) fn floor(tags: &str, page: &mut String) {
    let (trace_id, span_id) = (Uuid::new_v4(), Uuid::new_v4().as_u64_pair().0.to_be_bytes());
    page.push_str(Buffer::<16>::new().format(trace_id.as_bytes()));
    page.push_str(Buffer::<8>::new().format(&span_id));
    page.push_str(&tags[48..]);
}

/// The tags of a head of trace, once.
pub(crate) fn tags() -> String {
    let case = case(false, None);
    let mut page = String::new();
    case.ours(&case.headers(), &options(1.0), &mut page);
    page
}

pub(crate) fn options(rate: f32) -> TraceOptions {
    TraceOptions::new()
        .dsn(DSN)
        .unwrap()
        .release(RELEASE)
        .environment(ENVIRONMENT)
        .traces_sample_rate(rate.into())
        .unwrap()
}

pub(crate) fn client(rate: f32, transport: Arc<Swallow>) -> Client {
    client_options(rate).transport(transport).into()
}

/// The options of a client, but for its transport.
pub(crate) fn client_options(rate: f32) -> ClientOptions {
    ClientOptions::new()
        .dsn(DSN)
        .release(RELEASE)
        .environment(ENVIRONMENT)
        .traces_sample_rate(rate)
}
