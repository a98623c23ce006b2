//! However a request ends: one transaction, never two, never none, and a status that tells how.

use std::convert::Infallible;
use std::future::{pending, ready};
use std::io;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::thread;

use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use futures_util::FutureExt;
use http_body_util::Empty;
use sentry::{ClientOptions, Hub, SentryFutureExt, TransactionContext};
use sentry_ssr::{RootSpan, RootSpanLayer};
use serde_json::Value;
use tokio::runtime;
use tower::{Layer, Service, ServiceExt, service_fn};

use super::body::ok;
use crate::support::body::script;
use crate::support::request::get;
use crate::support::sdk::Sdk;

/// The one transaction has this status, and the code of the response where there was one.
#[track_caller]
pub(super) fn assert_status(sdk: &Sdk, status: &str, code: Option<u16>) {
    let transaction = sdk.transaction();
    let trace = &transaction["contexts"]["trace"];
    assert_eq!(trace["status"], status);
    let shown = &trace["data"]["http.response.status_code"];
    assert_eq!(*shown, code.map_or(Value::Null, Value::from));
}

#[tokio::test]
async fn a_service_that_fails() {
    let sdk = Sdk::sampling_all();
    let service = service_fn(|_: Request<Body>| {
        ready(Err::<Response<Empty<&[u8]>>, _>(io::Error::other(
            "out of order",
        )))
    });
    let service = RootSpanLayer::new().layer(service);
    assert!(sdk.scope(service.oneshot(get("/"))).await.is_err());
    assert_status(&sdk, "internal_error", None);
}

#[tokio::test]
async fn a_handler_that_panics() {
    let panics_later = service_fn(|_: Request<Body>| async {
        tokio::task::yield_now().await;
        panic!("nobody expects this");
        #[expect(unreachable_code, reason = "names the type")]
        Ok::<Response<Empty<&[u8]>>, Infallible>(Response::default())
    });
    let panics_at_once = service_fn(
        |_: Request<Body>| -> std::future::Ready<Result<Response<Empty<&[u8]>>, Infallible>> {
            panic!("nobody expects this")
        },
    );
    assert_panic_is_told(panics_later).await;
    assert_panic_is_told(panics_at_once).await;
}

async fn assert_panic_is_told<S>(service: S)
where
    S: Service<Request<Body>, Response = Response<Empty<&'static [u8]>>, Error = Infallible>,
{
    let sdk = Sdk::sampling_all();
    let service = RootSpanLayer::new().layer(service);
    let mut visit = Box::pin(sdk.scope(AssertUnwindSafe(service.oneshot(get("/"))).catch_unwind()));
    let visited = (&mut visit).await;
    assert!(visited.is_err(), "the panic passes through");
    // Even before what panicked is dropped.
    assert_status(&sdk, "internal_error", None);
    drop(visit);
    let (transaction, event) = (sdk.transaction(), sdk.event());
    let trace_id = |item: &Value| item["contexts"]["trace"]["trace_id"].clone();
    assert_eq!(trace_id(&event), trace_id(&transaction));
    assert_eq!(
        event["exception"]["values"][0]["value"],
        "nobody expects this"
    );
}

#[tokio::test]
async fn a_client_that_does_not_wait_for_the_answer() {
    for is_polled in [false, true] {
        let sdk = Sdk::sampling_all();
        let service =
            service_fn(|_: Request<Body>| pending::<Result<Response<Body>, Infallible>>());
        let mut service = RootSpanLayer::new().layer(service);
        sdk.scope(async {
            let mut visit = Box::pin(service.call(get("/")));
            if is_polled {
                assert!((&mut visit).now_or_never().is_none());
            }
        })
        .await;
        assert_status(&sdk, "cancelled", None);
    }
}

#[tokio::test]
async fn requests_in_flight_when_the_runtime_shuts_down() {
    let sdk = Sdk::sampling_all();
    let hub = sdk.hub().clone();
    let in_flight = thread::spawn(move || {
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .build()
            .unwrap();
        let (tell, told) = std::sync::mpsc::channel();
        for _ in 0..20 {
            let tell = tell.clone();
            let service = service_fn(move |_: Request<Body>| {
                tell.send(()).unwrap();
                pending::<Result<Response<Body>, Infallible>>()
            });
            let visit = RootSpanLayer::new().layer(service).oneshot(get("/"));
            drop(runtime.spawn(visit.bind_hub(hub.clone())));
        }
        assert_eq!(told.iter().take(20).count(), 20);
    });
    in_flight.join().unwrap();
    let transactions = sdk.transactions();
    assert_eq!(transactions.len(), 20);
    for transaction in transactions {
        assert_eq!(transaction["contexts"]["trace"]["status"], "cancelled");
    }
}

#[tokio::test]
async fn what_is_dropped_is_dropped_as_a_part_of_its_request() {
    struct Report;
    impl Drop for Report {
        fn drop(&mut self) {
            assert!(RootSpan::current().is_some());
            sentry::capture_message("a future was dropped", sentry::Level::Info);
        }
    }
    let sdk = Sdk::sampling_all();
    let service = service_fn(|_: Request<Body>| async {
        let _report = Report;
        pending::<Result<Response<Body>, Infallible>>().await
    });
    let mut service = RootSpanLayer::new().layer(service);
    let visit = sdk.run(|| {
        let mut visit = Box::pin(service.call(get("/")));
        assert!((&mut visit).now_or_never().is_none());
        visit
    });
    // Where another hub is the current one.
    drop(visit);
    drop(sdk.scope(ok(script([]).reporting_its_drop())).await);

    let trace_ids = |items: Vec<Value>| -> Vec<Value> {
        let id = |item: &Value| item["contexts"]["trace"]["trace_id"].clone();
        items.iter().map(id).collect()
    };
    // The copy of the body that stays with the service reports too, of no request.
    let events = trace_ids(sdk.events());
    for trace_id in trace_ids(sdk.transactions()) {
        assert!(events.contains(&trace_id));
    }
}

#[tokio::test]
async fn a_lock_that_a_panic_has_poisoned() {
    async fn panic_with_lock(request: Request<Body>) -> Result<Response<Body>, Infallible> {
        let span = request.extensions().get::<RootSpan>().unwrap().sdk_span();
        if let Some(sentry::TransactionOrSpan::Transaction(transaction)) = span {
            let poisoner = thread::spawn(move || {
                let _lock = transaction.data();
                panic!("nobody expects this");
            });
            assert!(poisoner.join().is_err());
        }
        Ok(Response::new(Body::empty()))
    }
    let options = || ClientOptions::new().traces_sample_rate(1.0);
    for options in [
        options(),
        options().traces_sample_rate(0.0),
        sentry_ssr::instrument(options()),
        sentry_ssr::instrument(options().traces_sample_rate(0.0)),
    ] {
        let sdk = Sdk::start(options);
        for adopts in [false, true] {
            let hub = Arc::new(Hub::new_from_top(sdk.hub()));
            if adopts {
                let theirs =
                    hub.start_transaction(TransactionContext::new("theirs", "http.server"));
                hub.configure_scope(|scope| scope.set_span(Some(theirs.into())));
            }
            let service = RootSpanLayer::new().layer(service_fn(panic_with_lock));
            let answer = service.oneshot(get("/")).bind_hub(hub).await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK);
            drop(answer);
        }
    }
}
