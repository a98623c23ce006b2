//! Clients of every kind, a page to visit under them, and how to read both ends of a trace.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use axum::routing::get;
use http_body_util::BodyExt;
use percent_encoding::percent_decode_str;
use sentry::transports::UreqHttpTransportOptions;
use sentry::{
    ClientOptions, Hub, Level, SentryFutureExt, Transport, TransportFactory, TransportOptions,
};
#[cfg(any(feature = "ureq", feature = "reqwest"))]
use sentry_ssr::Instrumentation;
use sentry_ssr::{RootSpan, RootSpanLayer, instrument};
use serde_json::Value;
use tower::ServiceExt;

use crate::support::envelope::Envelope;
use crate::support::sdk::Sdk;

/// A Dynamic Sampling Context: keys without `sentry-`, and values, both decoded.
pub(crate) type Context = BTreeMap<String, String>;

/// A way to instrument a client.
pub(crate) type Rig = (&'static str, fn(ClientOptions) -> ClientOptions);

/// The SDK's own transport, named by the user.
pub(crate) struct StockUreq;

impl TransportFactory for StockUreq {
    fn create_transport_with_options(&self, options: TransportOptions) -> Arc<dyn Transport> {
        Arc::new(UreqHttpTransportOptions::from(options).build())
    }
}

/// The SDK's other transport, named by the user.
#[cfg(feature = "reqwest")]
pub(crate) struct StockReqwest;

#[cfg(feature = "reqwest")]
impl TransportFactory for StockReqwest {
    fn create_transport_with_options(&self, options: TransportOptions) -> Arc<dyn Transport> {
        Arc::new(sentry::transports::ReqwestHttpTransportOptions::from(options).build())
    }
}

/// Transports that keep limits and reports exact.
pub(crate) const EXACT: &[Rig] = &[
    #[cfg(feature = "ureq")]
    ("ureq", |options| {
        Instrumentation::new().ureq().apply(options)
    }),
    #[cfg(feature = "reqwest")]
    ("reqwest", |options| {
        Instrumentation::new().reqwest().apply(options)
    }),
];

/// The SDK's own transports, named and so wrapped; and whatever `instrument` takes where none is named.
pub(crate) const WRAPPED: &[Rig] = &[
    ("the SDK's ureq", |options| {
        instrument(options.transport(StockUreq))
    }),
    #[cfg(feature = "reqwest")]
    ("the SDK's reqwest", |options| {
        instrument(options.transport(StockReqwest))
    }),
    ("no transport named", instrument),
];

pub(crate) fn rigs() -> impl Iterator<Item = &'static Rig> {
    EXACT.iter().chain(WRAPPED)
}

fn app() -> Router {
    Router::new()
        .route("/users/{id}", get(async |span: RootSpan| tags(&span)))
        .route("/error", get(error))
        .route("/error-in-child", get(error_in_child))
        .layer(RootSpanLayer::new())
}

fn tags(span: &RootSpan) -> String {
    span.meta_tags().to_string()
}

async fn error(span: RootSpan) -> String {
    tokio::task::yield_now().await;
    sentry::capture_message("out to lunch", Level::Error);
    tags(&span)
}

async fn error_in_child(span: RootSpan) -> String {
    let child = span.sdk_span().unwrap().start_child("ui.render", "lunch");
    sentry::with_scope(
        |scope| scope.set_span(Some(child.clone().into())),
        || sentry::capture_message("out to lunch", Level::Error),
    );
    child.finish();
    tags(&span)
}

/// The request of a browser, with these headers.
pub(crate) fn request(path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let request = headers
        .iter()
        .fold(Request::get(path), |request, (name, value)| {
            request.header(*name, *value)
        });
    request.body(Body::empty()).unwrap()
}

/// Visits a page and returns the context in its tag.
pub(crate) async fn visit(sdk: &Sdk, path: &str, headers: &[(&str, &str)]) -> Context {
    let response = sdk.scope(app().oneshot(request(path, headers))).await;
    read(response.unwrap()).await
}

/// The same, under a hub on which something has happened already.
pub(crate) async fn visit_under(hub: Arc<Hub>, path: &str) -> Context {
    let response = app().oneshot(request(path, &[])).bind_hub(hub).await;
    read(response.unwrap()).await
}

async fn read(response: Response) -> Context {
    let page = response.into_body().collect().await.unwrap();
    in_page(str::from_utf8(&page.to_bytes()).unwrap())
}

/// A response that has begun, and whose body nobody has read.
pub(crate) async fn respond(sdk: &Sdk, path: &str) -> Response {
    let response = sdk.scope(app().oneshot(request(path, &[]))).await;
    response.unwrap()
}

/// The context in the baggage tag of a page.
pub(crate) fn in_page(page: &str) -> Context {
    let Some((_, rest)) = page.split_once(r#"<meta name="baggage" content=""#) else {
        return Context::new();
    };
    let (baggage, _) = rest.split_once('"').unwrap();
    baggage.split(',').map(entry).collect()
}

fn entry(entry: &str) -> (String, String) {
    let (key, value) = entry.split_once('=').unwrap();
    let key = key.strip_prefix("sentry-").unwrap();
    let decode = |text| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    (decode(key), decode(value))
}

/// The context in the headers of an envelope; `None` without the header.
pub(crate) fn in_envelope(envelope: &Envelope) -> Option<Context> {
    let trace = envelope.header.get("trace")?.as_object().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Some(
        trace
            .iter()
            .map(|(key, value)| (key.clone(), text(value)))
            .collect(),
    )
}

/// The envelopes that hold an item of this kind.
pub(crate) fn of_kind(sdk: &Sdk, kind: &str) -> Vec<Envelope> {
    let mut envelopes = sdk.sent();
    envelopes.retain(|envelope| envelope.of_kind(kind).next().is_some());
    envelopes
}

/// What the client has reported as lost: how many by reason and category.
pub(crate) fn losses(sdk: &Sdk) -> BTreeMap<(String, String), u64> {
    let mut losses = BTreeMap::new();
    for report in sdk.sent_of_kind("client_report") {
        for loss in report["discarded_events"].as_array().unwrap() {
            let text = |key: &str| loss[key].as_str().unwrap().to_owned();
            *losses
                .entry((text("reason"), text("category")))
                .or_default() += loss["quantity"].as_u64().unwrap();
        }
    }
    losses
}
