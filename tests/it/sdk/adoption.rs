//! Spans that somebody else has started: one transaction, and the tags are of it.

use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use sentry::{ClientOptions, Hub, Level, TransactionContext, TransactionOrSpan};
use sentry_ssr::{RootSpan, RootSpanLayer};
use sentry_tower::{NewSentryLayer, SentryHttpLayer};
use serde_json::Value;
use tower::ServiceBuilder;

use crate::support::ids::{SPAN_ID, TRACE_ID, sentry_trace};
use crate::support::request;
use crate::support::sdk::Sdk;
use crate::support::tags::{Tags, tags};

async fn page(span: RootSpan) -> String {
    sentry::capture_message("something is wrong", Level::Error);
    span.meta_tags().to_string()
}

fn routes() -> Router {
    Router::new().route("/users/{id}", get(page))
}

/// The layers that `RootSpanLayer` takes the place of.
fn with_sentry_tower(app: Router) -> Router {
    app.layer(
        ServiceBuilder::new()
            .layer(NewSentryLayer::<Request>::new_from_top())
            .layer(SentryHttpLayer::new().enable_transaction()),
    )
}

pub(super) async fn visit_with(sdk: &Sdk, app: Router, headers: &[(&str, &str)]) -> Tags {
    let request = request::get_with("/users/ada", headers);
    sdk.scope(tags(app, request)).await
}

fn trace(item: &Value) -> &Value {
    &item["contexts"]["trace"]
}

/// The active span of a hub.
pub(super) fn active_span(hub: &Hub) -> Option<TransactionOrSpan> {
    hub.configure_scope(|scope| scope.get_span())
}

#[tokio::test]
async fn the_extractor_takes_over_the_transaction_of_sentry_tower() {
    let sdk = Sdk::sampling_all();
    let tags = visit_with(&sdk, with_sentry_tower(routes()), &[]).await;
    let transaction = sdk.transaction();
    tags.assert_same_span(&transaction);
    tags.assert_same_span(&sdk.event());
    assert_eq!(trace(&transaction)["origin"], "auto.http.tower");
    assert_eq!(tags.trace.sampled(), Some(true));
    assert_eq!(tags.entry("trace_id"), Some(tags.trace_id()));
    assert_eq!(
        tags.entry("transaction").as_deref(),
        Some("GET /users/{id}")
    );
}

#[tokio::test]
async fn the_extractor_takes_over_what_sentry_tower_continues() {
    for (decision, sent) in [("-1", 1), ("-0", 0)] {
        let sdk = Sdk::sampling_all();
        let incoming = sentry_trace(decision);
        let headers = [
            ("sentry-trace", &*incoming),
            ("baggage", "sentry-release=theirs,sentry-sample_rand=0.5"),
        ];
        let tags = visit_with(&sdk, with_sentry_tower(routes()), &headers).await;
        assert_eq!(tags.trace_id(), TRACE_ID);
        assert_eq!(tags.trace.sampled(), Some(sent == 1));
        assert_eq!(
            tags.baggage.as_str(),
            "sentry-release=theirs,sentry-sample_rand=0.5"
        );
        assert_eq!(sdk.transactions().len(), sent);
        for transaction in sdk.transactions() {
            tags.assert_same_span(&transaction);
            assert_eq!(trace(&transaction)["parent_span_id"], SPAN_ID);
        }
        tags.assert_same_span(&sdk.event());
    }
}

#[tokio::test]
async fn the_decision_taken_over_is_explained() {
    for rate in [0.0, 0.5, 1.0] {
        let sdk = Sdk::start(ClientOptions::new().traces_sample_rate(rate));
        for _ in 0..20 {
            let tags = visit_with(&sdk, with_sentry_tower(routes()), &[]).await;
            let is_below = tags.number("sample_rand") < tags.number("sample_rate");
            assert_eq!(tags.trace.sampled(), Some(is_below), "{tags:?}");
        }
    }
}

#[tokio::test]
async fn sentry_tower_without_a_transaction_leaves_it_to_the_extractor() {
    let sdk = Sdk::sampling_all();
    let app = routes().layer(
        ServiceBuilder::new()
            .layer(NewSentryLayer::<Request>::new_from_top())
            .layer(SentryHttpLayer::new()),
    );
    let tags = visit_with(&sdk, app, &[]).await;
    tags.assert_same_span(&sdk.transaction());
}

#[tokio::test]
async fn the_layer_takes_over_the_transaction_of_sentry_tower() {
    let sdk = Sdk::sampling_all();
    let app = with_sentry_tower(routes().layer(RootSpanLayer::new()));
    let tags = visit_with(&sdk, app, &[]).await;
    tags.assert_same_span(&sdk.transaction());
    tags.assert_same_span(&sdk.event());
}

/// `SentryHttpLayer` starts its transaction when a request is first polled. Where nothing between it
/// and our layer waits for that, there is nothing to adopt yet when our layer is called, and it must
/// be taken out of the app.
#[tokio::test]
async fn sentry_tower_right_around_the_layer_makes_a_transaction_more() {
    let layers = ServiceBuilder::new()
        .layer(NewSentryLayer::<Request>::new_from_top())
        .layer(SentryHttpLayer::new().enable_transaction())
        .layer(RootSpanLayer::new());
    let sdk = Sdk::sampling_all();
    let incoming = sentry_trace("-1");
    let headers = [("sentry-trace", &*incoming)];
    let tags = visit_with(&sdk, routes().layer(layers), &headers).await;
    let transactions = sdk.transactions();
    assert_eq!(transactions.len(), 2);
    for transaction in &transactions {
        assert_eq!(trace(transaction)["trace_id"], TRACE_ID);
        assert_eq!(trace(transaction)["parent_span_id"], SPAN_ID);
    }
    let is_ours = |sent: &&Value| trace(sent)["origin"] == "auto.http.sentry_ssr";
    tags.assert_same_span(transactions.iter().find(is_ours).unwrap());
    tags.assert_same_span(&sdk.event());
}

/// Puts a span on the scope of the request's hub by hand, finishes it, and shows what is left.
async fn by_hand(request: Request, next: Next) -> Response {
    let transaction = sentry::start_transaction(TransactionContext::new("by hand", "test"));
    sentry::configure_scope(|scope| scope.set_span(Some(transaction.clone().into())));
    let response = next.run(request).await;
    let active = active_span(&Hub::current());
    assert_eq!(active, Some(transaction.clone().into()));
    transaction.finish();
    response
}

async fn child_by_hand(request: Request, next: Next) -> Response {
    let parent = active_span(&Hub::current()).unwrap();
    let child = parent.start_child("middleware", "child by hand");
    sentry::configure_scope(|scope| scope.set_span(Some(child.clone().into())));
    let response = next.run(request).await;
    child.finish();
    sentry::configure_scope(|scope| scope.set_span(Some(parent)));
    response
}

#[tokio::test]
async fn a_span_put_on_the_scope_by_hand_is_adopted() {
    for app in [routes(), routes().layer(RootSpanLayer::new())] {
        let sdk = Sdk::sampling_all();
        let app = app.layer(middleware::from_fn(by_hand));
        let tags = visit_with(&sdk, app, &[]).await;
        let transaction = sdk.transaction();
        tags.assert_same_span(&transaction);
        tags.assert_same_span(&sdk.event());
        assert_eq!(
            transaction["transaction"], "by hand",
            "their name for it stands"
        );
    }
}

#[tokio::test]
async fn a_route_that_is_found_later_does_not_rename_it_but_a_name_set_by_hand_does() {
    async fn rename(span: RootSpan) -> String {
        span.set_name("renamed");
        span.meta_tags().to_string()
    }
    let routes = routes().route("/renamed", get(rename));
    for (path, name) in [("/users/ada", "by hand"), ("/renamed", "renamed")] {
        let sdk = Sdk::sampling_all();
        let app = ServiceBuilder::new()
            .layer(middleware::from_fn(by_hand))
            .layer(RootSpanLayer::new())
            .service(routes.clone());
        let tags = sdk.scope(tags(app, request::get(path))).await;
        let transaction = sdk.transaction();
        tags.assert_same_span(&transaction);
        assert_eq!(transaction["transaction"], name);
    }
}

#[tokio::test]
async fn an_adopted_span_of_another_trace_takes_nothing_from_the_caller() {
    let sdk = Sdk::sampling_all();
    let incoming = sentry_trace("-0");
    let headers = [
        ("sentry-trace", &*incoming),
        ("baggage", "sentry-release=theirs,sentry-sample_rand=0.5"),
    ];
    let app = routes().layer(middleware::from_fn(by_hand));
    let tags = visit_with(&sdk, app, &headers).await;
    tags.assert_same_span(&sdk.transaction());
    assert_ne!(tags.trace_id(), TRACE_ID);
    assert_eq!(tags.entry("trace_id"), Some(tags.trace_id()));
    assert_eq!(tags.entry("release"), None);
}

#[tokio::test]
async fn a_child_span_is_adopted_with_its_own_id() {
    for app in [routes(), routes().layer(RootSpanLayer::new())] {
        let sdk = Sdk::sampling_all();
        let app = app
            .layer(middleware::from_fn(child_by_hand))
            .layer(middleware::from_fn(by_hand));
        let tags = visit_with(&sdk, app, &[]).await;
        let transaction = sdk.transaction();
        let child = &transaction["spans"][0];
        assert_eq!(child["description"], "child by hand");
        assert_eq!(child["span_id"], tags.span_id());
        assert_eq!(child["trace_id"], tags.trace_id());
        tags.assert_same_span(&sdk.event());
    }
}

#[tokio::test]
async fn an_adopted_span_keeps_its_hub_on_other_threads() {
    async fn elsewhere(span: RootSpan) -> String {
        let tags = span.meta_tags().to_string();
        let report = move || {
            span.in_scope(|| sentry::capture_message("something is wrong", Level::Error));
        };
        tokio::task::spawn_blocking(report).await.unwrap();
        tags
    }
    let app = || Router::new().route("/users/{id}", get(elsewhere));
    for app in [app(), app().layer(RootSpanLayer::new())] {
        let sdk = Sdk::sampling_all();
        let app = app.layer(middleware::from_fn(by_hand));
        let tags = visit_with(&sdk, app, &[]).await;
        tags.assert_same_span(&sdk.event());
    }
}

#[tokio::test]
async fn a_layer_within_a_layer_makes_no_transaction_more() {
    let nested = || Router::new().nest("/nested", routes().layer(RootSpanLayer::new()));
    for (app, path) in [
        (
            routes()
                .layer(RootSpanLayer::new())
                .layer(RootSpanLayer::new()),
            "/users/ada",
        ),
        (nested().layer(RootSpanLayer::new()), "/nested/users/ada"),
    ] {
        let sdk = Sdk::sampling_all();
        let tags = sdk.scope(tags(app, request::get(path))).await;
        tags.assert_same_span(&sdk.transaction());
        tags.assert_same_span(&sdk.event());
    }
}
