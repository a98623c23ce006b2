//! Rule: the span of a page that is requested in advance says so, and the option leaves it out.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::routing::get;
use sentry::ClientOptions;
use sentry_ssr::{RootSpan, RootSpanLayer, TraceOptions, instrument};
use serde_json::Value;

use crate::support::request::send;
use crate::support::sdk::Sdk;

/// What is sent about a request with this header.
async fn serve(header: (&str, &str), is_ignored: bool) -> Sdk {
    let sdk = Sdk::start(instrument(ClientOptions::new().traces_sample_rate(1.0)));
    let request = Request::get("/").header(header.0, header.1);
    let request = request.body(Body::empty()).unwrap();
    sdk.scope(async {
        let options = TraceOptions::of_client().ignore_speculative_requests(is_ignored);
        let app = Router::new()
            .route("/", get(async || "page"))
            .layer(RootSpanLayer::new().options(options));
        send(app, request).await
    })
    .await;
    sdk
}

#[tokio::test]
async fn the_span_of_a_page_requested_in_advance_says_so() {
    for (header, purpose) in [
        (("sec-purpose", "prefetch"), Value::from("prefetch")),
        (
            ("sec-purpose", "prefetch;prerender"),
            "prefetch;prerender".into(),
        ),
        (("x-sec-purpose", "prefetch"), "prefetch".into()),
        (("hx-preloaded", "true"), "prefetch".into()),
        (("accept", "text/html"), Value::Null),
    ] {
        let transaction = serve(header, false).await.transaction();
        let data = &transaction["contexts"]["trace"]["data"];
        assert_eq!(
            data["http.request.header.sec-purpose"], purpose,
            "{header:?}"
        );
    }
}

#[tokio::test]
async fn the_option_leaves_out_what_is_requested_in_advance() {
    for (header, count) in [
        (("sec-purpose", "prefetch"), 0),
        (("sec-purpose", "prefetch;prerender"), 0),
        (("accept", "text/html"), 1),
    ] {
        let sdk = serve(header, true).await;
        assert_eq!(sdk.sent().len(), count, "{header:?}");
    }
}

#[tokio::test]
async fn the_option_leaves_the_decision_to_the_browser() {
    for (is_ignored, purpose, sampled) in [
        (true, "prefetch;prerender", None),
        (true, "unknown", Some(true)),
        (false, "prefetch", Some(true)),
    ] {
        let options = TraceOptions::new().traces_sample_rate(1.0).unwrap();
        let options = options.ignore_speculative_requests(is_ignored);
        let app = Router::new()
            .route(
                "/",
                get(async |span: RootSpan| format!("{:?}", span.sampled())),
            )
            .layer(RootSpanLayer::new().options(options));
        let request = Request::get("/").header("sec-purpose", purpose);
        let response = send(app, request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.body(), format!("{sampled:?}").as_bytes());
    }
}
