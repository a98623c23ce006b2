//! However a body ends: one transaction, and a status that says how.

use std::convert::Infallible;
use std::future::ready;
use std::panic::AssertUnwindSafe;
use std::thread;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::{Method, Request, Response};
use futures_util::FutureExt;
use http_body_util::BodyExt;
use sentry_ssr::{RootSpanBody, RootSpanLayer};
use tokio::runtime;
use tower::{Layer, ServiceExt, service_fn};

use super::endings::assert_status;
use crate::support::body::{Script, Step, read, script};
use crate::support::sdk::Sdk;

type Answer = Response<RootSpanBody<Script>>;

/// Lets a service with the layer answer with this response.
async fn answer(method: Method, response: Response<Script>) -> Answer {
    let service = service_fn(move |_| ready(Ok::<_, Infallible>(response.clone())));
    let request = Request::builder().method(method).uri("/");
    let request = request.body(Body::empty()).unwrap();
    let answer = RootSpanLayer::new().layer(service).oneshot(request).await;
    answer.unwrap()
}

pub(super) async fn ok(body: Script) -> Answer {
    answer(Method::GET, Response::new(body)).await
}

#[tokio::test]
async fn a_body_that_is_read_to_its_end() {
    let sdk = Sdk::sampling_all();
    sdk.scope(async {
        let answer = ok(script([Step::Data("a"), Step::Data("b")])).await;
        assert_eq!(sdk.transactions().len(), 0, "not before its end");
        assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "ab");
    })
    .await;
    assert_status(&sdk, "ok", Some(200));
}

#[tokio::test]
async fn a_body_that_is_never_read_to_its_end() {
    for (steps, frames) in [
        (vec![Step::Data("a"), Step::Data("b")], 0),
        (vec![Step::Data("a"), Step::Data("b")], 1),
        (vec![Step::Data("a"), Step::Stall], 1),
    ] {
        let sdk = Sdk::sampling_all();
        sdk.scope(async { read(ok(script(steps)).await.into_body(), frames).await })
            .await;
        assert_status(&sdk, "cancelled", None);
    }
}

#[tokio::test]
async fn a_stream_that_never_ends_until_the_client_has_enough() {
    let sdk = Sdk::sampling_all();
    sdk.scope(async {
        let body = script([Step::Data("a"), Step::Stall]);
        let reading = read(ok(body).await.into_body(), 2);
        let waited = tokio::time::timeout(Duration::from_millis(20), reading).await;
        assert!(waited.is_err());
    })
    .await;
    assert_status(&sdk, "cancelled", None);
}

#[tokio::test]
async fn a_body_as_long_as_was_announced_is_not_asked_for_more() {
    let body = || script([Step::Data("four"), Step::Stall]);
    let announced = Response::builder().header("content-length", "4");
    let telling = script([Step::Data("four")]).telling_its_end();
    for (response, frames) in [
        (Response::new(body().with_size(4)), 1),
        (announced.body(body()).unwrap(), 1),
        (Response::new(telling), 1),
        (Response::new(script([Step::Data("a"), Step::Trailers])), 2),
    ] {
        let sdk = Sdk::sampling_all();
        sdk.scope(async { read(answer(Method::GET, response).await.into_body(), frames).await })
            .await;
        assert_status(&sdk, "ok", Some(200));
    }
}

#[tokio::test]
async fn a_response_that_has_no_body_ends_with_its_head() {
    let never_read = || script([Step::Stall]);
    let with = |status| {
        Response::builder()
            .status(status)
            .body(never_read())
            .unwrap()
    };
    for (method, response) in [
        (Method::HEAD, with(200)),
        (Method::HEAD, with(404)),
        (Method::GET, with(101)),
        (Method::GET, with(204)),
        (Method::GET, with(304)),
        (Method::GET, Response::new(script([]).with_size(0))),
        (Method::GET, Response::new(script([]).telling_its_end())),
    ] {
        let code = response.status().as_u16();
        let status = if code == 404 { "not_found" } else { "ok" };
        let sdk = Sdk::sampling_all();
        sdk.scope(async { drop(answer(method, response).await) })
            .await;
        assert_status(&sdk, status, Some(code));
    }
}

#[tokio::test]
async fn a_body_that_fails() {
    let sdk = Sdk::sampling_all();
    sdk.scope(async {
        let body = ok(script([Step::Data("a"), Step::Fail])).await.into_body();
        assert_eq!(
            body.collect().await.unwrap_err().to_string(),
            "the disk is gone"
        );
    })
    .await;
    assert_status(&sdk, "internal_error", None);
}

#[tokio::test]
async fn a_body_that_panics() {
    let sdk = Sdk::sampling_all();
    sdk.scope(async {
        let mut body = ok(script([Step::Data("a"), Step::Panic])).await.into_body();
        let reading = AssertUnwindSafe(read(&mut body, 2)).catch_unwind().await;
        assert!(reading.is_err(), "the panic passes through");
    })
    .await;
    assert_status(&sdk, "internal_error", None);
}

#[tokio::test]
async fn on_a_thread_that_knows_nothing_of_the_request() {
    for (frames, status, code) in [(0, "cancelled", None), (3, "ok", Some(200))] {
        let sdk = Sdk::sampling_all();
        let body = sdk
            .scope(ok(script([Step::Data("a"), Step::Data("b")])))
            .await
            .into_body();
        let thread = thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(read(body, frames));
        });
        thread.join().unwrap();
        assert_status(&sdk, status, code);
    }
}

#[tokio::test]
async fn what_a_body_says_of_itself_is_passed_on() {
    let sdk = Sdk::sampling_all();
    sdk.scope(async {
        let body = ok(script([Step::Data("a"), Step::Trailers]).with_size(1)).await;
        assert_eq!(body.size_hint().exact(), Some(1));
        assert!(!body.is_end_stream());
        let collected = body.into_body().collect().await.unwrap();
        assert_eq!(collected.trailers().unwrap()["x-last"], "words");

        let body = ok(script([]).telling_its_end()).await;
        assert!(body.is_end_stream());
        assert_eq!(body.size_hint().exact(), None);
    })
    .await;
    assert_eq!(sdk.transactions().len(), 2);
}
