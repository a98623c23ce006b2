//! What injection costs a page of 1 MiB: `cargo bench --bench injection`.
//!
//! The page comes in frames of 16 KiB from a server on the loopback interface. Two sites are asked by
//! turns and compared, injection on with injection off, and off with itself: all send the very same
//! bytes from the very same place.

use std::convert::Infallible;
use std::hint::black_box;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::Html;
use axum::routing::get;
use sentry_ssr::{RootSpanLayer, TraceOptions};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

const PAGE: usize = 1024 * 1024;
const GIGABYTES: f64 = 1.024 * 1.024 / 1000.0;
const FRAME: usize = 16 * 1024;
const ROUNDS: usize = 3000;

fn page() -> Bytes {
    let head = "<!doctype html><html lang=\"en\"><head>\n<meta charset=\"utf-8\">\n\
        <meta name=\"viewport\" content=\"width=device-width\">\n<title>t</title>";
    let paragraph = "<p>A paragraph of the page, like all the others of it.</p>\n";
    let mut page = head.to_owned();
    page.push_str(&paragraph.repeat(PAGE / paragraph.len() + 1));
    page.truncate(PAGE);
    page.into()
}

fn site(page: Bytes, layer: RootSpanLayer) -> Router {
    let handler = move || async move {
        let frames = (0..PAGE / FRAME).map(move |at| page.slice(at * FRAME..(at + 1) * FRAME));
        let frames = futures_util::stream::iter(frames.map(Ok::<_, Infallible>));
        Html(Body::from_stream(frames))
    };
    Router::new().route("/", get(handler)).layer(layer)
}

fn serve(runtime: &Runtime, site: Router) -> SocketAddr {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(async move { axum::serve(listener, site).await });
    address
}

/// What reads pages: one for all sites.
struct Reader {
    wire: Vec<u8>,
}

impl Reader {
    /// Reads the page once: how many bytes.
    fn read(&mut self, site: SocketAddr) -> usize {
        let mut stream = TcpStream::connect(site).unwrap();
        let request = "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).unwrap();
        self.wire.clear();
        stream.read_to_end(&mut self.wire).unwrap();
        black_box(&self.wire).len()
    }

    fn time(&mut self, site: SocketAddr) -> Duration {
        let start = Instant::now();
        self.read(site);
        start.elapsed()
    }

    /// Prints how many bytes a second the one site sends, and how many the other, where nothing else
    /// disturbed them.
    fn compare(&mut self, names: &str, one: SocketAddr, other: SocketAddr) {
        let (mut ones, mut others) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            if round % 2 == 0 {
                ones.push(self.time(one));
                others.push(self.time(other));
            } else {
                others.push(self.time(other));
                ones.push(self.time(one));
            }
        }
        let throughput = |times| GIGABYTES / quiet(times).as_secs_f64();
        let (one, other) = (throughput(ones), throughput(others));
        println!("{names}: {one:.2} / {other:.2} GB/s = {:.3}", one / other);
    }
}

/// The time that only one in ten runs stays below.
fn quiet(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 10]
}

fn main() {
    let runtime = Runtime::new().unwrap();
    let page = page();
    let layer = || RootSpanLayer::new().options(TraceOptions::new());
    let off = serve(&runtime, site(page.clone(), layer()));
    let again = serve(&runtime, site(page.clone(), layer()));
    let on = serve(&runtime, site(page, layer().inject_tags(true)));
    let mut reader = Reader {
        wire: Vec::with_capacity(2 * PAGE),
    };
    assert!(reader.read(on) > reader.read(off));

    reader.compare("off / off", again, off);
    reader.compare("on / off ", on, off);
}
