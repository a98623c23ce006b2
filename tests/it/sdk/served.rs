//! Requests over real connections: clients that leave, and connections that change their protocol.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ws::WebSocketUpgrade;
use axum::response::Response;
use axum::routing::get;
use futures_util::{StreamExt, stream};
use sentry::SentryFutureExt;
use sentry_ssr::RootSpanLayer;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::support::sdk::Sdk;

fn app() -> Router {
    Router::new()
        .route("/never", get(async || std::future::pending::<()>().await))
        .route("/page", get(async || "a page"))
        .route("/stream", get(stream))
        .route("/socket", get(socket))
        .route("/panic", get(panic))
        .layer(RootSpanLayer::new())
}

async fn stream() -> Body {
    let first = stream::once(async { Ok::<_, std::io::Error>("first") });
    Body::from_stream(first.chain(stream::pending()))
}

async fn socket(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async |mut socket| {
        socket.send("hello".into()).await.unwrap();
    })
}

async fn panic() {
    panic!("nobody expects this");
}

/// A server, which stops when it is dropped.
struct Server {
    sdk: Sdk,
    serving: JoinHandle<()>,
    address: std::net::SocketAddr,
}

impl Server {
    async fn start() -> Self {
        let sdk = Sdk::sampling_all();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        // The hub is bound around the app: the server polls it on tasks of its own.
        let hub = sdk.hub().clone();
        let app = app().layer(axum::middleware::from_fn(
            move |request, next: axum::middleware::Next| {
                let hub = hub.clone();
                async move { next.run(request).bind_hub(hub).await }
            },
        ));
        let serving = tokio::spawn(async { axum::serve(listener, app).await.unwrap() });
        Self {
            sdk,
            serving,
            address,
        }
    }

    /// Sends a request and reads until this text has come.
    async fn ask(&self, head: &str, until: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut read = Vec::new();
        while !String::from_utf8_lossy(&read).contains(until) {
            let reading = stream.read_buf(&mut read);
            let len = tokio::time::timeout(Duration::from_secs(10), reading).await;
            assert_ne!(
                len.unwrap().unwrap(),
                0,
                "{}",
                String::from_utf8_lossy(&read)
            );
        }
        stream
    }

    /// The trace context of the one transaction, which may take a moment to come.
    async fn trace(&self) -> Value {
        let ingest = &self.sdk.ingest;
        let has_come = || {
            let envelopes = ingest.envelopes();
            envelopes
                .iter()
                .any(|envelope| envelope.of_kind("transaction").next().is_some())
        };
        for _ in 0..1000 {
            if has_come() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.sdk.transaction()["contexts"]["trace"].clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn request(method: &str, path: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nhost: shop.test\r\n\r\n")
}

#[tokio::test]
async fn an_answer_that_was_sent_whole() {
    let server = Server::start().await;
    let _open = server.ask(&request("GET", "/page"), "a page").await;
    let trace = server.trace().await;
    assert_eq!(trace["status"], "ok");
    assert_eq!(trace["data"]["http.response.status_code"], 200);
}

#[tokio::test]
async fn the_head_of_an_answer() {
    let server = Server::start().await;
    let _open = server.ask(&request("HEAD", "/page"), "\r\n\r\n").await;
    assert_eq!(server.trace().await["status"], "ok");
}

#[tokio::test]
async fn a_client_that_leaves_before_the_answer() {
    let server = Server::start().await;
    let open = server.ask(&request("GET", "/never"), "").await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(server.sdk.transactions().len(), 0);
    drop(open);
    assert_eq!(server.trace().await["status"], "cancelled");
}

#[tokio::test]
async fn a_client_that_leaves_in_the_middle_of_the_answer() {
    let server = Server::start().await;
    let open = server.ask(&request("GET", "/stream"), "first").await;
    assert_eq!(server.sdk.transactions().len(), 0);
    drop(open);
    assert_eq!(server.trace().await["status"], "cancelled");
}

#[tokio::test]
async fn a_connection_that_becomes_a_web_socket() {
    let server = Server::start().await;
    let head = "GET /socket HTTP/1.1\r\nhost: shop.test\r\nconnection: upgrade\r\n\
                upgrade: websocket\r\nsec-websocket-version: 13\r\n\
                sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    let _open = server.ask(head, "hello").await;
    let trace = server.trace().await;
    assert_eq!(trace["status"], "ok");
    assert_eq!(trace["data"]["http.response.status_code"], 101);
}

#[tokio::test]
async fn a_handler_that_panics() {
    let server = Server::start().await;
    let mut open = TcpStream::connect(server.address).await.unwrap();
    let head = request("GET", "/panic");
    open.write_all(head.as_bytes()).await.unwrap();
    let read = open.read(&mut [0; 16]).await;
    assert!(!matches!(read, Ok(1..)), "the connection is cut");
    assert_eq!(server.trace().await["status"], "internal_error");
}
