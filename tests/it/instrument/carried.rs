//! Rule: the context travels inside of what is sent, and nobody sees it there.

use std::sync::{Arc, Mutex};
use std::thread;

use sentry::protocol::Event;
use sentry::test::TestTransport;
use sentry::{Client, ClientOptions, Hub, Level};
use sentry_ssr::{EnvelopeForm, Instrumentation, instrument};

use super::rig::{in_envelope, of_kind, respond, rigs, visit};
use crate::support::sdk::Sdk;

/// What nobody is to see.
const KEY: &str = "sentry_ssr.dsc";

fn options() -> ClientOptions {
    ClientOptions::new().traces_sample_rate(1.0)
}

#[tokio::test]
async fn nothing_of_it_is_left_in_what_is_sent() {
    for (rig, instrument) in rigs() {
        let sdk = Sdk::start(instrument(options()));
        visit(&sdk, "/error-in-child", &[]).await;
        let envelopes = sdk.sent();
        assert_eq!(envelopes.len(), 2, "{rig}");
        for item in envelopes.iter().flat_map(|envelope| &envelope.items) {
            let bytes = String::from_utf8_lossy(&item.bytes);
            assert!(!bytes.contains(KEY), "{rig}: {bytes}");
        }
    }
}

#[tokio::test]
async fn before_send_sees_nothing_of_it_and_changes_what_it_likes() {
    let seen = Arc::<Mutex<Vec<Event<'static>>>>::default();
    let events = Arc::clone(&seen);
    let options = options().before_send(move |mut event: Event<'static>| {
        events.lock().unwrap().push(event.clone());
        event.logger = Some("changed".to_owned());
        Some(event)
    });
    let sdk = Sdk::start(instrument(options));
    let context = visit(&sdk, "/error", &[]).await;

    let [event] = &seen.lock().unwrap()[..] else {
        panic!("not one event");
    };
    assert!(!serde_json::to_string(event).unwrap().contains(KEY));
    let envelopes = of_kind(&sdk, "event");
    assert_eq!(in_envelope(&envelopes[0]), Some(context));
    assert_eq!(sdk.event()["logger"], "changed");
}

#[tokio::test]
async fn it_survives_an_end_on_another_thread_and_under_another_hub() {
    for (rig, instrument) in rigs() {
        let sdk = Sdk::start(instrument(options()));
        let response = respond(&sdk, "/users/1").await;
        let another = Arc::new(Hub::new(None, Arc::default()));
        let end = move || Hub::run(another, || drop(response));
        thread::spawn(end).join().unwrap();
        let envelopes = of_kind(&sdk, "transaction");
        let context = in_envelope(&envelopes[0]).unwrap();
        assert_eq!(context["transaction"], "GET /users/{id}", "{rig}");
    }
}

#[tokio::test]
async fn an_event_after_the_end_of_its_request_has_it_too() {
    let sdk = Sdk::start(instrument(options()));
    let hub = Arc::<Mutex<Option<Arc<Hub>>>>::default();
    let kept = Arc::clone(&hub);
    let app = axum::Router::new()
        .route(
            "/",
            axum::routing::get(async move || *kept.lock().unwrap() = Some(Hub::current())),
        )
        .layer(sentry_ssr::RootSpanLayer::new());
    let request = super::rig::request("/", &[]);
    drop(sdk.scope(tower::ServiceExt::oneshot(app, request)).await);

    let hub = hub.lock().unwrap().take().unwrap();
    hub.capture_message("late", Level::Error);
    let [transaction, event] = &sdk.sent()[..] else {
        panic!("not two envelopes");
    };
    assert!(in_envelope(event).is_some());
    assert_eq!(in_envelope(event), in_envelope(transaction));
}

#[tokio::test]
async fn an_event_of_another_trace_goes_without_it() {
    let sdk = Sdk::start(instrument(options()));
    let app = axum::Router::new()
        .route("/", axum::routing::get(error_of_another_trace))
        .layer(sentry_ssr::RootSpanLayer::new());
    let request = super::rig::request("/", &[]);
    drop(sdk.scope(tower::ServiceExt::oneshot(app, request)).await);

    let envelopes = of_kind(&sdk, "event");
    assert_eq!(in_envelope(&envelopes[0]), None);
}

async fn error_of_another_trace() {
    let context = sentry::TransactionContext::new("job", "queue.task");
    let other = sentry::start_transaction(context);
    sentry::with_scope(
        |scope| scope.set_span(Some(other.into())),
        || sentry::capture_message("elsewhere", Level::Error),
    );
}

/// What a transport of the user's own gets.
async fn collected(options: ClientOptions, transport: &TestTransport) -> Vec<sentry::Envelope> {
    let sdk = Sdk::start(options);
    visit(&sdk, "/error", &[]).await;
    transport.fetch_and_clear_envelopes()
}

#[tokio::test]
async fn a_transport_may_ask_for_items() {
    let transport = TestTransport::new();
    let instrumentation = Instrumentation::new().envelopes(EnvelopeForm::Typed);
    let options = instrumentation.apply(options().transport(Arc::clone(&transport)));
    let envelopes = collected(options, &transport).await;
    assert_eq!(envelopes.len(), 2);
    for envelope in envelopes {
        assert_eq!(envelope.items().count(), 1);
        let mut bytes = Vec::new();
        envelope.to_writer(&mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (header, items) = text.split_once('\n').unwrap();
        let header: serde_json::Value = serde_json::from_str(header).unwrap();
        assert_eq!(header["trace"]["transaction"], "GET /error");
        assert_eq!(header["trace"]["sample_rate"], "1");
        assert!(!items.contains(KEY));
    }
}

#[tokio::test]
async fn a_transport_that_is_named_afterwards_undoes_it_all() {
    let transport = TestTransport::new();
    let options = instrument(options()).transport(Arc::clone(&transport));
    let envelopes = collected(options, &transport).await;
    assert_eq!(envelopes.len(), 2);
    for envelope in envelopes {
        let mut bytes = Vec::new();
        envelope.to_writer(&mut bytes).unwrap();
        assert!(!String::from_utf8(bytes).unwrap().contains(KEY));
    }
}

#[tokio::test]
async fn options_of_a_client_serve_for_another_client() {
    let first = Client::from(instrument(options().traces_sample_rate(0.5)));
    let sdk = Sdk::start(first.options().clone());
    let context = visit(&sdk, "/users/1", &[]).await;
    assert_eq!(context["sample_rate"], "0.5");
}
