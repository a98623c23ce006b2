//! The server: pages that go well, and handlers that do whatever goes wrong with them.

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use futures_util::{Stream, StreamExt, stream};
use sentry_ssr::{RootSpan, RootSpanLayer};
use tokio::net::TcpSocket;
use tokio::task::yield_now;
use tokio::time::timeout;
use tower::util::MapRequestLayer;

use crate::book::Book;

/// What a client that leaves waits for.
pub(crate) const FIRST_WORDS: &str = "first words";

/// One of many in a long body.
const PIECE: &str = match str::from_utf8(&[b'.'; 8 * 1024]) {
    Ok(piece) => piece,
    Err(_) => unreachable!(),
};

/// How long a handler may take where there is a limit.
const LIMIT: Duration = Duration::from_millis(5);

const PAGE: [&str; 4] = [
    "<!doctype html><html><he",
    "ad><meta charset=\"ut",
    "f-8\"><title>Hello</title></head>",
    "<body>Hello, world!</body></html>",
];

/// Starts the server on the runtime that is entered, and with which it stops.
pub(crate) fn start(book: Arc<Book>) -> io::Result<SocketAddr> {
    let socket = TcpSocket::new_v4()?;
    // All connections have this: a slow reader holds up only what does not fit into it.
    socket.set_send_buffer_size(32 * 1024)?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    let listener = socket.listen(1024)?;
    let address = listener.local_addr()?;
    // Or else a streamed page waits for acknowledgements, most of the run.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    tokio::spawn(async { axum::serve(listener, app(book)).await });
    Ok(address)
}

fn app(book: Arc<Book>) -> Router {
    let layer = RootSpanLayer::new;
    good_pages()
        .merge(bad_pages())
        .layer(layer().inject_tags(true))
        .merge(nested_page().layer(layer()))
        .merge(late_page().layer(layer()).layer(from_fn(limit)))
        .layer(MapRequestLayer::new(move |request: Request| {
            book.came(request.uri().path());
            request
        }))
}

fn good_pages() -> Router {
    Router::new()
        .route("/page/{number}", get(page))
        .route("/printed/{number}", get(printed))
        .route("/long/{number}", get(long))
        .route("/unchanged/{number}", get(StatusCode::NOT_MODIFIED))
        .route("/empty/{number}", get(StatusCode::NO_CONTENT))
}

fn bad_pages() -> Router {
    Router::new()
        .route("/error/{number}", get(error))
        .route("/never/{number}", get(never))
        .route("/late-inside/{number}", get(never).layer(from_fn(limit)))
        .route("/waiting/{number}", get(waiting))
        .route("/endless/{number}", get(endless))
        .route("/panic/{number}", get(panic))
        .route("/panic-in-body/{number}", get(panic_in_body))
        .route("/failing-body/{number}", get(failing_body))
}

fn nested_page() -> Router {
    let page = Router::new().route("/nested/{number}", get(printed));
    page.layer(RootSpanLayer::new())
}

fn late_page() -> Router {
    Router::new().route("/late-outside/{number}", get(never))
}

async fn limit(request: Request, next: Next) -> Response {
    match timeout(LIMIT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::GATEWAY_TIMEOUT.into_response(),
    }
}

async fn page() -> Html<Body> {
    let pieces = stream::iter(PAGE).then(async |piece| {
        yield_now().await;
        Ok::<_, Infallible>(piece)
    });
    Html(Body::from_stream(pieces))
}

async fn printed(span: RootSpan) -> Html<String> {
    yield_now().await;
    let tags = span.meta_tags();
    Html(format!("<!doctype html><head>{tags}</head>Hello, world!"))
}

async fn long() -> Body {
    Body::from_stream(stream::iter([Ok::<_, Infallible>(PIECE); 64]))
}

async fn error() -> StatusCode {
    yield_now().await;
    sentry::capture_message("something is wrong", sentry::Level::Error);
    StatusCode::INTERNAL_SERVER_ERROR
}

async fn never() {
    pending::<()>().await;
}

async fn waiting() -> Body {
    first_words_then(stream::pending())
}

async fn endless() -> Body {
    let pieces = stream::repeat(PIECE).then(async |piece| {
        yield_now().await;
        Ok(piece)
    });
    first_words_then(pieces)
}

async fn panic() -> StatusCode {
    yield_now().await;
    nobody_expects_this()
}

async fn panic_in_body() -> Body {
    first_words_then(stream::once(async {
        yield_now().await;
        nobody_expects_this()
    }))
}

async fn failing_body() -> Body {
    first_words_then(stream::once(async {
        Err(io::Error::other("the disk is gone"))
    }))
}

fn first_words_then(rest: impl Stream<Item = io::Result<&'static str>> + Send + 'static) -> Body {
    let first = stream::once(async { Ok(FIRST_WORDS) });
    Body::from_stream(first.chain(rest))
}

/// A panic that is not printed, which thousands of them would be.
fn nobody_expects_this() -> ! {
    resume_unwind(Box::new("nobody expects this"))
}
