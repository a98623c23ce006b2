//! The trace on its way out: headers of requests.

use axum::Router;
use axum::routing::get;
use http::{HeaderMap, HeaderValue};
use sentry_ssr::{
    IncomingTrace, PropagationTarget, RootSpan, SentryTrace, TraceOptions, TransactionName,
};

use crate::support::ids::SENTRY_TRACE;

fn span_with(options: &TraceOptions, baggage: &str) -> RootSpan {
    let incoming = IncomingTrace::parse([SENTRY_TRACE], [baggage]);
    RootSpan::start(options, incoming, &TransactionName::route("GET", "/"))
}

fn span(baggage: &str) -> RootSpan {
    span_with(&TraceOptions::new(), baggage)
}

fn merged(ours: &str, theirs: &[&[u8]]) -> Option<HeaderValue> {
    let mut headers = HeaderMap::new();
    for value in theirs {
        headers.append("baggage", HeaderValue::from_bytes(value).unwrap());
    }
    span(ours).outgoing().insert_into(&mut headers);
    assert!(headers.get_all("baggage").iter().count() <= 1);
    headers.remove("baggage")
}

#[test]
fn headers_are_those_of_the_span() {
    let span = span("sentry-a=1");
    let mut headers = HeaderMap::new();
    headers.insert("sentry-trace", HeaderValue::from_static("old"));
    span.outgoing().insert_into(&mut headers);
    assert_eq!(headers["sentry-trace"], span.sentry_trace().to_string());
    assert_eq!(headers["baggage"], "sentry-a=1,sentry-sample_rand=0.344960");
    assert_eq!(headers.len(), 2);
}

#[test]
fn baggage_of_others_stays_as_it_is() {
    for (ours, theirs, expected) in [
        (
            "sentry-sample_rand=0.5",
            &[&b"vendor=1;p=2, x=%zz"[..]][..],
            &b"vendor=1;p=2, x=%zz,sentry-sample_rand=0.5"[..],
        ),
        (
            "sentry-sample_rand=0.5",
            &[b"v=1", b"w=2"],
            b"v=1,w=2,sentry-sample_rand=0.5",
        ),
        (
            "sentry-sample_rand=0.5",
            &[b"v=\xe9"],
            b"v=\xe9,sentry-sample_rand=0.5",
        ),
        (
            "sentry-sample_rand=0.5",
            &[b"sentry-old=1,v=1, sentry-old=2"],
            b"v=1,sentry-sample_rand=0.5",
        ),
        ("", &[b"v=1,sentry-old=1"], b"v=1"),
    ] {
        assert_eq!(merged(ours, theirs).unwrap().as_bytes(), expected);
    }
    assert_eq!(merged("", &[]), None);
    assert_eq!(merged("", &[b"sentry-old=1"]), None);
}

#[test]
fn merged_baggage_stays_within_the_limit() {
    let theirs = format!("v={}", "x".repeat(8_000));
    let ours = format!("sentry-a={},sentry-sample_rand=0.5", "y".repeat(500));
    let merged = merged(&ours, &[theirs.as_bytes()]).unwrap();
    assert_eq!(merged, format!("{theirs},sentry-sample_rand=0.5"));
}

#[test]
fn traceparent_goes_out_where_asked_for() {
    let mut headers = HeaderMap::new();
    let options = TraceOptions::new().propagate_traceparent(true);
    let span = span_with(&options, "");
    span.outgoing().insert_into(&mut headers);
    assert_eq!(
        headers["traceparent"],
        format!("00-{}-{}-01", span.trace_id(), span.span_id())
    );
}

#[test]
fn a_child_of_the_span_may_be_the_caller() {
    let span = span("");
    let child: SentryTrace = format!("{}-0123456789abcdef-1", span.trace_id())
        .parse()
        .unwrap();
    assert_eq!(span.outgoing().from_child(child).sentry_trace(), child);
    let stranger: SentryTrace = "0123456789abcdef0123456789abcdef-0123456789abcdef-1"
        .parse()
        .unwrap();
    assert_eq!(
        span.outgoing().from_child(stranger).sentry_trace(),
        span.sentry_trace()
    );
}

#[test]
fn targets_say_where_a_trace_goes() {
    let goes = |options: TraceOptions, url| span_with(&options, "").outgoing_to(url).is_some();
    assert!(goes(TraceOptions::new(), "https://anywhere.example/"));
    let named = || {
        TraceOptions::new().trace_propagation_targets([
            PropagationTarget::from("api.example.com"),
            PropagationTarget::matching(|url| url.ends_with("/traced")),
        ])
    };
    assert!(goes(named(), "https://api.example.com/x"));
    assert!(goes(named(), "https://elsewhere.example/traced"));
    assert!(!goes(named(), "https://elsewhere.example/x"));
    assert!(!goes(
        TraceOptions::new().trace_propagation_targets([""; 0]),
        "https://api.example.com/"
    ));
}

#[test]
fn a_target_may_be_a_regular_expression() {
    let internal = regex::Regex::new(r"^https?://[^/]+\.internal(/|$)").unwrap();
    let options =
        TraceOptions::new().trace_propagation_targets([PropagationTarget::matching(move |url| {
            internal.is_match(url)
        })]);
    let span = span_with(&options, "");
    assert!(span.outgoing_to("http://users.internal/7").is_some());
    assert!(
        span.outgoing_to("http://example.com/?u=http://users.internal/7")
            .is_none()
    );
}

#[tokio::test]
async fn reqwest_carries_the_trace_to_the_next_service() {
    async fn next_service(span: RootSpan) -> String {
        format!(
            "{} {} {}",
            span.trace_id(),
            span.parent_span_id().unwrap(),
            span.baggage()
        )
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let app = Router::new().route("/", get(next_service));
    tokio::spawn(async { axum::serve(listener, app).await });

    let span = span("sentry-sample_rand=0.5,sentry-new=%C3%A9");
    let mut request = reqwest::Client::new()
        .get(url)
        .header("baggage", "vendor=1")
        .build()
        .unwrap();
    span.outgoing_to(request.url().as_str())
        .unwrap()
        .insert_into(request.headers_mut());
    let answer = reqwest::Client::new()
        .execute(request)
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(
        answer,
        format!("{} {} {}", span.trace_id(), span.span_id(), span.baggage())
    );
}
