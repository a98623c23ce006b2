//! Requests byte for byte, as no HTTP client would send all of them.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use sentry_ssr::{Baggage, SentryTrace};

/// A response: its head, with names in lower case, and its body.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// The two values of a trace.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Values {
    pub(crate) trace: SentryTrace,
    pub(crate) baggage: Baggage,
}

/// Sends `GET path`, with these header lines.
pub(crate) fn get(address: SocketAddr, path: &str, headers: &[&str]) -> Response {
    send(address, "GET", path, headers)
}

pub(crate) fn send(address: SocketAddr, method: &str, path: &str, headers: &[&str]) -> Response {
    let lines = [&["host: localhost", "connection: close"], headers].concat();
    let head = format!("{method} {path} HTTP/1.1\r\n{}\r\n\r\n", lines.join("\r\n"));
    send_bytes(address, head.as_bytes())
}

pub(crate) fn send_bytes(address: SocketAddr, request: &[u8]) -> Response {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    stream.write_all(request).unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    Response::parse(&String::from_utf8_lossy(&response))
}

impl Response {
    fn parse(text: &str) -> Self {
        let (head, body) = text
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("{text:?}"));
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let header = |line: &str| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_ascii_lowercase(), value.trim().to_owned())
        };
        Self {
            status: status.parse().unwrap(),
            headers: lines.map(header).collect(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.headers.iter().filter(move |(other, _)| other == name);
        named.map(|(_, value)| value.as_str())
    }

    /// Whether the cache has answered.
    pub(crate) fn is_hit(&self) -> bool {
        self.all("x-cache").eq(["HIT"])
    }

    /// The trace that a browser reads. There is just one header line, of nothing but the two metrics.
    pub(crate) fn values(&self) -> Option<Values> {
        let mut lines: Vec<_> = self.all("server-timing").collect();
        // nginx adds its headers twice to the answer for a range that is not there.
        lines.dedup();
        let line = match *lines {
            [] => return None,
            [line] => line,
            _ => panic!("{lines:?}"),
        };
        let (trace, rest) = desc(line, "sentry-trace");
        let baggage = if let Some(metric) = rest.strip_prefix(", ") {
            let (baggage, end) = desc(metric, "baggage");
            assert_eq!(end, "", "nothing after it: {line}");
            baggage
        } else {
            assert_eq!(rest, "", "{line}");
            ""
        };
        Some(Values {
            trace: trace.parse().unwrap(),
            baggage: Baggage::parse([baggage]),
        })
    }
}

/// The description of the metric that a text begins with, and what follows it.
fn desc<'a>(text: &'a str, name: &str) -> (&'a str, &'a str) {
    let value = text.strip_prefix(&format!("{name};desc=\""));
    let value = value.unwrap_or_else(|| panic!("no {name} in {text}"));
    value.split_once('"').unwrap_or_else(|| panic!("{text}"))
}

impl Values {
    pub(crate) fn entry(&self, key: &str) -> Option<String> {
        self.baggage.get(key).map(Into::into)
    }

    /// `sample_rand < sample_rate ⇔ sampled`, by the text of the numbers; and the flag agrees.
    #[track_caller]
    pub(crate) fn assert_whole(&self) {
        let rand: f64 = self.entry("sample_rand").unwrap().parse().unwrap();
        let rate: f64 = self.entry("sample_rate").unwrap().parse().unwrap();
        let sampled: bool = self.entry("sampled").unwrap().parse().unwrap();
        assert_eq!(rand < rate, sampled, "{self:?}");
        assert_eq!(self.trace.sampled(), Some(sampled), "{self:?}");
        assert_eq!(
            self.entry("trace_id"),
            Some(self.trace.trace_id().to_string())
        );
    }
}
