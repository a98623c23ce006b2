//! What a layer adds to a request, without a network: from the request to the last byte of its page.
//!
//! `cargo bench --bench layer | benches/ratios bare`

#[expect(dead_code, reason = "not all of it is used by each")]
mod scenario;
#[path = "load/site.rs"]
mod site;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use divan::{Bencher, black_box};
use http::Request;
use http_body_util::BodyExt;
use sentry::Hub;
use tower::{Service, ServiceExt};

fn main() {
    divan::main();
}

/// Rates of the client; none is bound without one.
const CLIENTS: [&str; 3] = ["no client", "rate 0", "rate 1"];

#[divan::bench(args = CLIENTS, sample_size = 100, sample_count = 500)]
fn bare(bencher: Bencher, client: &str) {
    serve(bencher, client, &site::bare());
}

/// A layer that does nothing: what axum asks for any.
#[divan::bench(args = CLIENTS, sample_size = 100, sample_count = 500)]
fn idle(bencher: Bencher, client: &str) {
    serve(bencher, client, &site::idle());
}

#[divan::bench(args = CLIENTS, sample_size = 100, sample_count = 500)]
fn ours(bencher: Bencher, client: &str) {
    serve(bencher, client, &site::ours());
}

#[divan::bench(args = CLIENTS, sample_size = 100, sample_count = 500)]
fn sentry_tower(bencher: Bencher, client: &str) {
    serve(bencher, client, &site::sentry_tower());
}

fn serve(bencher: Bencher, client: &str, site: &Router) {
    let rate = client
        .strip_prefix("rate ")
        .map(|rate| rate.parse().unwrap());
    let client = rate.map(|rate| Arc::new(scenario::client(rate, Arc::default())));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let mut site = site.clone().into_service::<Body>();
    Hub::run(Arc::new(Hub::new(client, Arc::default())), || {
        bencher.with_inputs(request).bench_local_values(|request| {
            runtime.block_on(async {
                let service = site.ready().await.unwrap();
                let response = service.call(black_box(request)).await.unwrap();
                response.into_body().collect().await.unwrap()
            })
        });
    });
}

/// The request of a browser.
fn request() -> Request<Body> {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = http::Uri::from_static("/users/7");
    *request.headers_mut() = scenario::CASES[0].headers();
    request
}
