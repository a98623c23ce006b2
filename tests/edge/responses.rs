//! Responses of every kind carry a fresh trace.

use std::collections::HashSet;
use std::net::TcpListener;

use crate::behind_each_proxy;
use crate::client::{self, Response};
use crate::proxy::{Kind, Proxy};
use crate::rig::{Rig, at_rate};

behind_each_proxy!(
    a_kept_page_has_a_fresh_trace_however_it_is_asked_for,
    redirects_errors_and_other_files_have_a_trace,
    what_the_proxy_answers_by_itself_has_a_trace,
);

/// Each trace is whole, and none comes twice.
#[derive(Default)]
struct Traces(HashSet<String>);

impl Traces {
    #[track_caller]
    fn assert_fresh(&mut self, response: &Response, status: u16) {
        assert_eq!(response.status, status, "{response:?}");
        let values = response
            .values()
            .unwrap_or_else(|| panic!("no trace: {response:?}"));
        values.assert_whole();
        assert!(
            self.0.insert(values.trace.trace_id().to_string()),
            "{response:?}"
        );
    }
}

async fn a_kept_page_has_a_fresh_trace_however_it_is_asked_for(kind: Kind) {
    let rig = Rig::start(kind, &at_rate(0.5)).await;
    let mut traces = Traces::default();
    let first = rig.get("/pages/1", &[]);
    assert!(!first.is_hit());
    traces.assert_fresh(&first, 200);
    for (method, line, status) in [
        ("GET", "accept: */*", 200),
        ("HEAD", "accept: */*", 200),
        ("GET", "if-none-match: \"v1\"", 304),
        ("HEAD", "if-none-match: \"v1\"", 304),
        ("GET", "if-none-match: W/\"v1\"", 304),
        ("GET", "if-none-match: \"v2\"", 200),
        ("GET", "range: bytes=0-9", 206),
        ("GET", "range: bytes=100000-", 416),
    ] {
        let response = client::send(rig.proxy.address, method, "/pages/1", &[line]);
        traces.assert_fresh(&response, status);
        // Varnish answers a wrong range by itself.
        assert!(response.is_hit() || status == 416, "{line}");
    }
    assert_eq!(rig.origin.seen().len(), 1);
}

async fn redirects_errors_and_other_files_have_a_trace(kind: Kind) {
    let rig = Rig::start(kind, &at_rate(0.5)).await;
    let mut traces = Traces::default();
    for (method, path, status) in [
        ("GET", "/moved", 302),
        ("GET", "/broken", 500),
        ("GET", "/missing", 404),
        ("GET", "/missing", 404),
        ("GET", "/nothing", 404),
        ("GET", "/style.css", 200),
        ("GET", "/style.css", 200),
        ("GET", "/alone", 200),
        ("POST", "/alone", 200),
        ("PUT", "/alone", 405),
    ] {
        let response = client::send(rig.proxy.address, method, path, &["content-length: 0"]);
        traces.assert_fresh(&response, status);
    }
    if kind == Kind::Nginx {
        for (path, line, status) in [
            ("/static/page.html", "accept: */*", 200),
            ("/static/page.html", "if-none-match: *", 304),
            ("/static/page.html", "range: bytes=0-3", 206),
            ("/static", "accept: */*", 404),
            ("/static/none.html", "accept: */*", 404),
            ("/closed/page.html", "accept: */*", 403),
        ] {
            traces.assert_fresh(&rig.get(path, &[line]), status);
        }
    }
}

async fn what_the_proxy_answers_by_itself_has_a_trace(kind: Kind) {
    // The listener is closed at once.
    let unused = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let proxy = Proxy::start(kind, &kind.print(&at_rate(0.5)), unused);
    let mut traces = Traces::default();
    let status = if kind == Kind::Nginx { 502 } else { 503 };
    traces.assert_fresh(&client::get(proxy.address, "/", &[]), status);
    traces.assert_fresh(&client::send(proxy.address, "HEAD", "/", &[]), status);
    let without_host = client::send_bytes(
        proxy.address,
        b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n",
    );
    traces.assert_fresh(&without_host, 400);
}
