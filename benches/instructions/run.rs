//! Does a case's work: this part runs under valgrind.

use std::hint::black_box;
use std::iter;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use http::{HeaderMap, HeaderValue, Request, Uri};
use http_body_util::BodyExt as _;
use sentry::{Client, ClientOptions, Envelope, Hub, Transport};
use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
use tokio::runtime;
use tower::{Service as _, ServiceExt as _};

use crate::scenario;

/// So often each case is run, and as often again before that, until all is warm.
pub(crate) const REPEATS: u32 = 200;

/// The function within which valgrind counts.
pub(crate) const COUNTED: &str = "*::counted";

#[inline(never)]
fn counted(work: &mut dyn FnMut()) {
    for _ in 0..REPEATS {
        work();
    }
}

fn count(mut work: impl FnMut()) {
    for _ in 0..REPEATS {
        work();
    }
    counted(&mut work);
}

/// From the request to the last byte of the page.
pub(crate) fn site(case: scenario::Case, site: Router) {
    let runtime = runtime::Builder::new_current_thread().build().unwrap();
    let mut site = site.into_service::<Body>();
    let mut requests: Vec<_> = iter::repeat_with(|| request(case))
        .take(2 * REPEATS as usize)
        .collect();
    case.run(|| {
        count(|| {
            let request = requests.pop().unwrap();
            let page = runtime.block_on(async {
                let service = site.ready().await.unwrap();
                let response = service.call(black_box(request)).await.unwrap();
                response.into_body().collect().await.unwrap()
            });
            black_box(page);
        });
    });
}

/// A request as hyper reads it: the values of its headers share one buffer.
fn request(case: scenario::Case) -> Request<Body> {
    let mut headers = case.headers();
    let values: Vec<&[u8]> = headers.values().map(HeaderValue::as_bytes).collect();
    let mut read = Bytes::from(values.concat());
    for value in headers.values_mut() {
        let bytes = read.split_to(value.len());
        *value = HeaderValue::from_maybe_shared(bytes).unwrap();
    }
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = Uri::from_static("/users/7");
    *request.headers_mut() = headers;
    request
}

/// From the headers to what is written into the page.
pub(crate) fn values(
    case: scenario::Case,
    write: impl Fn(&HeaderMap, &TraceOptions, &str, &mut String),
) {
    let headers = case.headers();
    let options = scenario::options(case.client.unwrap_or(1.0));
    let tags = scenario::tags();
    let mut page = String::with_capacity(scenario::ROOM);
    case.run(|| {
        count(|| {
            page.clear();
            write(
                black_box(&headers),
                black_box(&options),
                black_box(&tags),
                &mut page,
            );
            black_box(&page);
        });
    });
}

struct ToBytes;

impl Transport for ToBytes {
    fn send_envelope(&self, envelope: Envelope) {
        let mut bytes = Vec::new();
        envelope.to_writer(&mut bytes).unwrap();
        black_box(bytes);
    }
}

/// A transaction from its start until its envelope is bytes.
pub(crate) fn sent(change: fn(ClientOptions) -> ClientOptions) {
    let options = scenario::client_options(1.0).transport(Arc::new(ToBytes));
    let client = Arc::new(Client::from(change(options)));
    Hub::run(Arc::new(Hub::new(Some(client), Arc::default())), || {
        let options = TraceOptions::of_client();
        let name = TransactionName::route("GET", "/users/{id}");
        count(|| drop(black_box(RootSpan::start(black_box(&options), None, &name))));
    });
}
