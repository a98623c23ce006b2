//! Spans that end while their thread is being torn down, and the SDK's thread-locals with it: the
//! SDK would panic there, in a destructor, and take the process along.

use std::any::Any;
use std::cell::RefCell;
use std::convert::Infallible;
use std::future::{pending, ready};
use std::thread;

use axum::body::Body;
use axum::http::{Request, Response};
use futures_util::FutureExt;
use sentry::Hub;
use sentry_ssr::{RootSpan, RootSpanLayer, TraceOptions, TransactionName};
use tower::{Layer, Service, service_fn};

use crate::child::in_own_process;
use crate::support::body::{Step, script};
use crate::support::request::get;
use crate::support::sdk::Sdk;

thread_local! {
    static KEPT: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
}

fn keep(kept: impl Any) {
    KEPT.set(Some(Box::new(kept)));
}

fn start() -> RootSpan {
    let options = TraceOptions::new().traces_sample_rate(1.0).unwrap();
    RootSpan::start(&options, None, &TransactionName::route("GET", "/"))
}

/// Runs a thread to its end, and expects one transaction.
fn ends_once(run: impl FnOnce(&Sdk) + Send) {
    let sdk = Sdk::sampling_all();
    thread::scope(|scope| scope.spawn(|| run(&sdk)).join().unwrap());
    drop(sdk.transaction());
}

#[test]
fn a_span_kept_by_a_thread_that_never_saw_the_sdk() {
    in_own_process(|| {
        let sdk = Sdk::sampling_all();
        let span = sdk.run(start);
        thread::spawn(|| keep(span)).join().unwrap();
        drop(sdk.transaction());
    });
}

#[test]
fn a_span_kept_by_a_thread_that_loses_the_sdk_later() {
    in_own_process(|| {
        ends_once(|sdk| keep(sdk.run(start)));
    });
}

#[test]
fn a_span_kept_by_a_thread_that_has_lost_the_sdk_already() {
    in_own_process(|| {
        ends_once(|sdk| {
            // What a thread makes first it loses last.
            keep(());
            keep(sdk.run(start));
        });
    });
}

#[test]
fn a_span_kept_by_a_thread_that_has_used_the_sdk_without_us() {
    in_own_process(|| {
        let sdk = Sdk::sampling_all();
        let span = sdk.run(start);
        let thread = thread::spawn(|| {
            keep(());
            drop(Hub::current());
            keep(span);
        });
        thread.join().unwrap();
        drop(sdk.transaction());
    });
}

#[test]
fn a_future_kept_by_a_thread() {
    in_own_process(|| {
        ends_once(|sdk| {
            keep(());
            let service =
                service_fn(|_: Request<Body>| pending::<Result<Response<Body>, Infallible>>());
            let mut service = RootSpanLayer::new().layer(service);
            keep(sdk.run(|| {
                let mut visit = Box::pin(service.call(get("/")));
                assert!((&mut visit).now_or_never().is_none());
                visit
            }));
        });
    });
}

#[test]
fn a_body_kept_by_a_thread() {
    in_own_process(|| {
        // Also on a thread that has used the SDK, but not us.
        let sdk = Sdk::sampling_all();
        let answer = || {
            let service = service_fn(|_: Request<Body>| {
                ready(Ok::<_, Infallible>(Response::new(script([Step::Stall]))))
            });
            let mut service = RootSpanLayer::new().layer(service);
            sdk.run(|| service.call(get("/")).now_or_never().unwrap())
        };
        thread::scope(|scope| {
            let (here, elsewhere) = (&answer, answer());
            scope.spawn(move || {
                keep(());
                keep(here());
            });
            scope.spawn(|| {
                keep(());
                drop(Hub::current());
                keep(elsewhere);
            });
        });
        // A scope ends before the thread-locals of its threads do.
        sdk.ingest.wait_for(2);
        assert_eq!(sdk.transactions().len(), 2);
    });
}

#[test]
fn a_closure_run_for_a_span_by_a_thread_that_has_lost_the_sdk() {
    in_own_process(|| {
        struct RunAtEnd(RootSpan);
        impl Drop for RunAtEnd {
            fn drop(&mut self) {
                self.0.in_scope(|| ());
            }
        }
        ends_once(|sdk| {
            keep(());
            keep(RunAtEnd(sdk.run(start)));
        });
    });
}
