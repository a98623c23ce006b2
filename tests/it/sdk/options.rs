//! Options of the layer beside those of the client, and a service without a client.

use sentry::ClientOptions;
use sentry_ssr::{RootSpanLayer, TraceOptions};

use super::trace::{app, assert_event_in_trace, routes};
use crate::support::request;
use crate::support::sdk::Sdk;
use crate::support::tags::tags;

#[tokio::test]
async fn options_of_the_layer_take_the_place_of_those_of_the_client() {
    let with = |rate: Option<f64>| {
        let options = TraceOptions::new().release("layer");
        match rate {
            Some(rate) => options.traces_sample_rate(rate).unwrap(),
            None => options,
        }
    };
    let cases = [
        (
            "layer decides for",
            with(Some(1.0)),
            Some(0.0),
            Some(true),
            1,
        ),
        (
            "layer decides against",
            with(Some(0.0)),
            Some(1.0),
            Some(false),
            0,
        ),
        ("layer defers", with(None), Some(1.0), None, 0),
        ("client sends nothing", with(Some(1.0)), None, Some(true), 0),
    ];
    for (case, options, rate, decision, sent) in cases {
        let mut client = ClientOptions::new().release("client");
        if let Some(rate) = rate {
            client = client.traces_sample_rate(rate);
        }
        let sdk = Sdk::start(client);
        let app = routes().layer(RootSpanLayer::new().options(options));
        let tags = sdk.scope(tags(app, request::get("/users/ada"))).await;
        assert_eq!(tags.entry("release").as_deref(), Some("layer"), "{case}");
        assert_eq!(tags.entry("public_key"), None, "{case}");
        assert_eq!(tags.trace.sampled(), decision, "{case}");
        assert_eq!(sdk.transactions().len(), sent, "{case}");
        assert_event_in_trace(&sdk, &tags);
    }
}

#[tokio::test]
async fn without_a_client_there_are_tags_all_the_same() {
    let tags = tags(app(), request::get("/users/ada")).await;
    assert_eq!(tags.trace.sampled(), None);
    assert_eq!(tags.entry("trace_id"), Some(tags.trace_id()));
}
