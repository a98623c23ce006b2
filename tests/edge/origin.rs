//! The service behind the proxy, which records each request.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use sentry::SentryFutureExt;
use sentry_ssr::{RootSpan, RootSpanLayer};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::client::Values;
use crate::support::sdk::Sdk;

/// What the service sees of one request.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    /// The trace as the service passes it on.
    pub(crate) values: Option<Values>,
    pub(crate) parent_span_id: Option<String>,
}

/// Serves until it is dropped or stopped.
pub(crate) struct Origin {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    serving: JoinHandle<()>,
}

const CACHED: [(header::HeaderName, &str); 3] = [
    (header::ACCEPT_RANGES, "bytes"),
    (header::CACHE_CONTROL, "public, max-age=600"),
    (header::ETAG, "\"v1\""),
];

/// A page for everyone. It prints the tags, as it would anywhere.
async fn page() -> impl IntoResponse {
    let tags = sentry_ssr::meta_tags();
    let page = format!(
        "<!doctype html><head>{tags}<title>t</title></head><p>{}",
        "page ".repeat(40)
    );
    // What the service measures itself, and a trace of an earlier request.
    let timing =
        r#"db;dur=4, sentry-trace;desc="771a43a4192642f0b136d5159a501700-b7ad6b7169203331-1""#;
    (CACHED, [("server-timing", timing)], Html(page))
}

async fn alone() -> impl IntoResponse {
    (
        [(header::CACHE_CONTROL, "no-store")],
        Html("<!doctype html><title>t</title>"),
    )
}

fn routes() -> Router {
    Router::new()
        .route("/pages/{number}", get(page))
        .route("/alone", get(alone).post(alone))
        .route("/captured/{name}", get(alone))
        .route(
            "/style.css",
            get(async || (CACHED, [(header::CONTENT_TYPE, "text/css")], "a{}")),
        )
        .route(
            "/moved",
            get(async || (StatusCode::FOUND, [(header::LOCATION, "/pages/1")])),
        )
        .route("/broken", get(async || StatusCode::INTERNAL_SERVER_ERROR))
        .route("/missing", get(async || (StatusCode::NOT_FOUND, CACHED)))
        .route(
            "/fragments",
            get(async || (CACHED, Html(r#"<esi:include src="/alone"/>"#))),
        )
}

impl Origin {
    /// The service under the layer, with the client of this SDK; without either where there is no SDK.
    pub(crate) async fn start(sdk: Option<&Sdk>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::<Mutex<Vec<Seen>>>::default();
        let app = routes().layer(from_fn_with_state(Arc::clone(&seen), note));
        let app = match sdk {
            Some(sdk) => {
                let hub = Arc::clone(sdk.hub());
                app.layer(RootSpanLayer::new().behind_edge(true))
                    .layer(from_fn(move |request, next: Next| {
                        let hub = Arc::clone(&hub);
                        async move { next.run(request).bind_hub(hub).await }
                    }))
            }
            None => app,
        };
        let serving = tokio::spawn(async { axum::serve(listener, app).await.unwrap() });
        Self {
            address,
            seen,
            serving,
        }
    }

    /// What it has seen since it was asked last.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }

    /// The one request that it has seen.
    #[track_caller]
    pub(crate) fn seen_once(&self) -> Seen {
        let [seen] = self
            .seen()
            .try_into()
            .unwrap_or_else(|all| panic!("{all:#?}"));
        seen
    }

    pub(crate) fn stop(&self) {
        self.serving.abort();
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn note(
    State(seen): State<Arc<Mutex<Vec<Seen>>>>,
    span: Option<Extension<RootSpan>>,
    request: Request,
    next: Next,
) -> Response {
    let span = span.map(|Extension(span)| span);
    seen.lock().unwrap().push(Seen {
        path: request.uri().path().to_owned(),
        headers: request.headers().clone(),
        parent_span_id: span
            .as_ref()
            .and_then(|span| Some(span.parent_span_id()?.to_string())),
        values: span.map(|span| Values {
            trace: span.sentry_trace(),
            baggage: span.baggage().clone(),
        }),
    });
    next.run(request).await
}

impl Seen {
    /// All values of a header.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let values = self.headers.get_all(name).into_iter();
        values
            .map(|value| value.to_str().unwrap_or("not ASCII"))
            .collect()
    }
}
