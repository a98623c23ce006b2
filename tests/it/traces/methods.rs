//! Rule: a method that HTTP does not define is one name, `HTTP`, wherever a name is shown.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use axum::routing::any;
use sentry::{ClientOptions, Level};
use sentry_ssr::{RootSpan, RootSpanLayer, TransactionName, instrument};
use serde_json::Value;

use crate::support::request::send;
use crate::support::sdk::Sdk;
use crate::support::tags::Tags;

const UNKNOWN: [&str; 6] = [
    "get",
    "Get",
    "XQ1",
    "PROPFIND",
    "M-SEARCH",
    "!#$%&'*+-.^_`|~",
];
const KNOWN: [&str; 9] = [
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "TRACE", "PATCH", "QUERY",
];

async fn page(span: RootSpan) -> String {
    sentry::capture_message("something is wrong", Level::Error);
    span.meta_tags().to_string()
}

fn request(method: &str) -> Request<Body> {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    Request::builder()
        .method(method)
        .uri("/users/7")
        .body(Body::empty())
        .unwrap()
}

/// What is sent about a request with this method, and its tags where it has a body.
async fn serve(method: &str) -> (Sdk, Option<Tags>) {
    let sdk = Sdk::start(instrument(ClientOptions::new().traces_sample_rate(1.0)));
    let app = Router::new()
        .route("/users/{id}", any(page))
        .layer(RootSpanLayer::new());
    let response = sdk.scope(send(app, request(method))).await;
    let body = std::str::from_utf8(response.body()).unwrap();
    let tags = (!body.is_empty()).then(|| Tags::parse(body));
    (sdk, tags)
}

fn data(transaction: &Value) -> [Option<&str>; 2] {
    let data = &transaction["contexts"]["trace"]["data"];
    ["http.request.method", "http.request.method_original"].map(|key| data[key].as_str())
}

#[tokio::test]
async fn an_unknown_method_is_data_and_no_part_of_a_name() {
    let long = "X".repeat(3_000);
    for method in UNKNOWN.into_iter().chain([&*long]) {
        let (sdk, tags) = serve(method).await;
        let tags = tags.unwrap();
        let transaction = sdk.transaction();
        assert_eq!(transaction["transaction"], "HTTP /users/{id}", "{method}");
        assert_eq!(
            tags.entry("transaction").unwrap(),
            "HTTP /users/{id}",
            "{method}"
        );
        assert_eq!(
            data(&transaction),
            [Some("_OTHER"), Some(method)],
            "{method}"
        );
        assert_eq!(transaction["request"]["method"], method);
        for envelope in sdk.sent() {
            assert_eq!(
                envelope.header["trace"]["transaction"], "HTTP /users/{id}",
                "{method}"
            );
        }
    }
}

#[tokio::test]
async fn a_known_method_is_part_of_the_name() {
    for method in KNOWN {
        let (sdk, _) = serve(method).await;
        let transaction = sdk.transaction();
        let name = format!("{method} /users/{{id}}");
        assert_eq!(transaction["transaction"], name);
        assert_eq!(data(&transaction)[1], None, "{method}");
    }
}

#[tokio::test]
async fn a_sampler_is_asked_about_the_bounded_name() {
    let names = Arc::<Mutex<Vec<String>>>::default();
    for instrumented in [false, true] {
        let seen = Arc::clone(&names);
        let options = ClientOptions::new().traces_sampler(move |context| {
            seen.lock().unwrap().push(context.name().to_owned());
            1.0
        });
        let sdk = Sdk::start(if instrumented {
            instrument(options)
        } else {
            options
        });
        let app = Router::new()
            .route("/users/{id}", any(page))
            .layer(RootSpanLayer::new());
        sdk.scope(send(app, request("XQ1"))).await;
    }
    let names = names.lock().unwrap();
    assert!(
        names.len() >= 2 && names.iter().all(|name| name == "HTTP /users/{id}"),
        "{names:?}"
    );
}

#[test]
fn a_name_of_a_url_is_bounded_too() {
    assert_eq!(
        TransactionName::url("XQ1", "/users/7").to_string(),
        "HTTP /users/7"
    );
    assert_eq!(
        TransactionName::url("QUERY", "/users/7").to_string(),
        "QUERY /users/7"
    );
    assert_eq!(TransactionName::route("", "/").to_string(), "HTTP /");
}
