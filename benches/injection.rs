//! What injection costs a page of 1 MiB: `cargo bench --bench injection`.
//!
//! The page comes in frames of 16 KiB and is copied once, which is the least that a server does to
//! send it. The last line compares injection on with injection off, taking turns in the same run.

use std::convert::Infallible;
use std::hint::black_box;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::Html;
use axum::routing::get;
use criterion::{Criterion, Throughput};
use http::Request;
use http_body_util::BodyExt;
use sentry_ssr::{RootSpanLayer, TraceOptions};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

const PAGE: usize = 1024 * 1024;
const FRAME: usize = 16 * 1024;
const ROUNDS: usize = 2001;

fn page() -> Bytes {
    let head = "<!doctype html><html lang=\"en\"><head>\n<meta charset=\"utf-8\">\n\
        <meta name=\"viewport\" content=\"width=device-width\">\n<title>t</title>";
    let paragraph = "<p>A paragraph of the page, like all the others of it.</p>\n";
    let mut page = head.to_owned();
    page.push_str(&paragraph.repeat(PAGE / paragraph.len() + 1));
    page.truncate(PAGE);
    page.into()
}

/// A page under a layer, sent again and again.
struct Site {
    app: Router,
    runtime: Runtime,
    sent: Vec<u8>,
}

impl Site {
    fn under(layer: RootSpanLayer) -> Self {
        let page = page();
        let handler = move || async move {
            let frames = (0..PAGE / FRAME).map(move |at| page.slice(at * FRAME..(at + 1) * FRAME));
            let frames = futures_util::stream::iter(frames.map(Ok::<_, Infallible>));
            Html(Body::from_stream(frames))
        };
        Self {
            app: Router::new().route("/", get(handler)).layer(layer),
            runtime: Builder::new_current_thread().build().unwrap(),
            sent: Vec::with_capacity(2 * PAGE),
        }
    }

    /// Sends the page once: how many bytes.
    fn send(&mut self) -> usize {
        self.sent.clear();
        self.runtime.block_on(async {
            let request = Request::new(Body::empty());
            let response = self.app.clone().oneshot(request).await.unwrap();
            let mut body = response.into_body();
            while let Some(frame) = body.frame().await {
                if let Ok(data) = frame.unwrap().into_data() {
                    self.sent.extend_from_slice(&data);
                }
            }
        });
        black_box(&self.sent).len()
    }

    fn time(&mut self) -> Duration {
        let start = Instant::now();
        self.send();
        start.elapsed()
    }
}

fn sites() -> [(&'static str, Site); 2] {
    let layer = || RootSpanLayer::new().options(TraceOptions::new());
    [
        ("off", Site::under(layer())),
        ("on", Site::under(layer().inject_tags())),
    ]
}

fn compare() {
    let [(_, mut off), (_, mut on)] = sites();
    assert!(on.send() > off.send());
    let mut ratios: Vec<_> = (0..ROUNDS)
        .map(|_| on.time().as_secs_f64() / off.time().as_secs_f64())
        .collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "injection on / off: {:.3} (median of {ROUNDS} pairs)",
        ratios[ROUNDS / 2]
    );
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("a page of 1 MiB, injection");
    group.throughput(Throughput::Bytes(PAGE as u64));
    group.measurement_time(Duration::from_secs(3));
    for (name, mut site) in sites() {
        group.bench_function(name, |bencher| bencher.iter(|| site.send()));
    }
    group.finish();
    criterion.final_summary();
    compare();
}
