//! What is reported about people without `send_default_pii`.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use sentry::{ClientOptions, Level};
use sentry_ssr::RootSpanLayer;
use serde_json::Value;

use crate::support::ids::{SENTRY_TRACE, SPAN_ID, TRACE_ID};
use crate::support::request::send;
use crate::support::sdk::Sdk;

const FILTERED: &str = "[Filtered]";

async fn fail() {
    sentry::capture_message("something is wrong", Level::Error);
}

/// The requests that Sentry shows with a transaction and with an event.
async fn shown(options: ClientOptions, headers: &[(&str, &str)]) -> [Value; 2] {
    let sdk = Sdk::start(options.traces_sample_rate(1.0));
    let app = Router::new().fallback(fail).layer(RootSpanLayer::new());
    let mut request = Request::get("http://ada:secret@shop.test/a?token=secret#secret");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    sdk.scope(send(app, request)).await;
    [sdk.transaction(), sdk.event()].map(|item| item["request"].clone())
}

/// Sends all headers at once and compares what is shown of each.
async fn assert_shown(cases: &[(&str, &str, &str)]) {
    let headers: Vec<_> = cases
        .iter()
        .map(|(name, value, _)| (*name, *value))
        .collect();
    for request in shown(ClientOptions::new(), &headers).await {
        for (name, value, expected) in cases {
            let shown = &request["headers"][name.to_ascii_lowercase()];
            assert_eq!(shown, expected, "{name}: {value}");
        }
    }
}

async fn assert_filtered(names: &[&str]) {
    let cases: Vec<_> = names.iter().map(|name| (*name, "7", FILTERED)).collect();
    assert_shown(&cases).await;
}

#[tokio::test]
async fn secrets_are_filtered() {
    assert_filtered(&[
        "Authorization",
        "Proxy-Authorization",
        "X-Auth-Token",
        "X-Amz-Security-Token",
        "X-CSRF-Token",
        "X-Csrf",
        "X-Xsrf",
        "X-CSRFToken",
        "X-XSRF-TOKEN",
        "X-Api-Key",
        "ApiKey",
        "X_API_KEY",
        "X-Client-Secret",
        "X-Password",
        "X-Passwd",
        "X-Pwd",
        "X-Passphrase",
        "X-JWT-Assertion",
        "Cf-Access-Jwt-Assertion",
        "X-Bearer",
        "X-SSO",
        "X-SAML-Response",
        "X-Credentials",
        "X-Amz-Credential",
        "X-Session-Id",
        "X-SID",
        "X-Identity",
        "DPoP",
        "X-OTP",
        "Cookie",
        "Cookie2",
        "Set-Cookie",
        "Sec-WebSocket-Protocol",
    ])
    .await;
}

#[tokio::test]
async fn addresses_of_clients_are_filtered() {
    assert_filtered(&[
        "Forwarded",
        "X-Forwarded",
        "X-Forwarded-For",
        "X-Original-Forwarded-For",
        "Forwarded-For",
        "X-Forwarded-Host",
        "X-Real-IP",
        "X-RealIP",
        "CF-Connecting-IP",
        "CF-Connecting-IPv6",
        "CF-Pseudo-IPv4",
        "True-Client-IP",
        "X-Client-IP",
        "Client-IP",
        "X-Cluster-Client-IP",
        "Fastly-Client-IP",
        "Fly-Client-IP",
        "X-Appengine-User-IP",
        "X-Azure-ClientIP",
        "X-Azure-SocketIP",
        "X-ProxyUser-IP",
        "WL-Proxy-Client-IP",
        "X-Originating-IP",
        "X-Remote-IP",
        "X-Remote-Addr",
        "Remote_Addr",
        "X_Real_IP",
        "X-Envoy-External-Address",
        "CloudFront-Viewer-Address",
        "Via",
    ])
    .await;
}

#[tokio::test]
async fn names_of_people_are_filtered() {
    assert_filtered(&[
        "From",
        "Remote-User",
        "X_Remote_User",
        "X_User",
        "X_Remote_Host",
        "X-Remote-Host",
        "X-UserIP",
        "X-User-Id",
        "X-User-Email",
        "X-Email",
        "X-Forwarded-User",
        "X-Auth-Request-Email",
        "X-Goog-Authenticated-User-Email",
        "X-Amzn-Oidc-Data",
        "X-Amzn-Oidc-Identity",
        "X-Ms-Client-Principal",
        "Client-Cert",
        "X-SSL-Client-Cert",
        "X-Phone",
    ])
    .await;
}

#[tokio::test]
async fn a_url_is_shown_without_query_fragment_and_user() {
    let page = "https://shop.test/a%20b";
    assert_shown(&[
        (
            "Referer",
            "https://shop.test/a%20b?token=secret#secret",
            page,
        ),
        ("Referrer", "https://shop.test/a%20b#secret", page),
        ("X-Original-URL", "/a?token=secret", "/a"),
        ("X-Rewrite-URL", "/a?next=/b?secret", "/a"),
        ("X-Original-URI", "a?secret", "a"),
        ("Request-URI", "?secret", ""),
        ("X-Envoy-Original-Path", "/a?secret", "/a"),
        (
            "Location",
            "https://ada:secret@shop.test/a?secret",
            "https://shop.test/a",
        ),
        (
            "Content-Location",
            "//ada:secret@shop.test/",
            "//shop.test/",
        ),
        ("Origin", "https://ada@shop.test", "https://shop.test"),
        (
            "Destination",
            "https://shop.test/a#secret",
            "https://shop.test/a",
        ),
        (
            "HX-Current-URL",
            "https://shop.test?secret",
            "https://shop.test",
        ),
        ("Next-Url", "/a?secret", "/a"),
        (
            "Refresh",
            "0; url=https://shop.test/?secret",
            "0; url=https://shop.test/",
        ),
        (
            "Link",
            r#"<https://a:secret@a.test/>, <https://a@b.test/?secret>; rel="next", </?secret>"#,
            "<https://a.test/>, <https://b.test/",
        ),
        (
            "X-Whatever",
            "see https://us:secret@shop.test/a@b?secret,secret",
            "see https://shop.test/a@b",
        ),
        ("X-Forwarded-URI", "/a?secret", FILTERED),
        ("X-Original-Query", "token=secret", FILTERED),
        ("X-Query-String", "token=secret", FILTERED),
        ("X-Original-Args", "token=secret", FILTERED),
    ])
    .await;
}

#[tokio::test]
async fn the_url_of_the_request_is_shown_without_them_too() {
    for request in shown(ClientOptions::new(), &[("Host", "ada:secret@shop.test")]).await {
        assert_eq!(request["url"], "http://shop.test/a");
        assert_eq!(request["headers"]["host"], "shop.test");
        assert_eq!(request.get("query_string"), None);
        assert!(!request.to_string().contains("secret"), "{request}");
    }
}

#[tokio::test]
async fn of_baggage_the_entries_are_shown_that_the_page_shows() {
    for (value, expected) in [
        (
            "vendor=secret,sentry-release=1,user=ada",
            "sentry-release=1",
        ),
        (
            "sentry%2Drelease=1;p=secret , x=sentry-release",
            "sentry-release=1",
        ),
        ("user=ada", FILTERED),
        ("", FILTERED),
    ] {
        assert_shown(&[("Baggage", value, expected)]).await;
    }
    assert_filtered(&["Ot-Baggage-User", "Correlation-Context", "X-Datadog-Tags"]).await;
}

#[tokio::test]
async fn other_headers_are_shown_as_they_are() {
    let agent = "Mozilla/5.0 (compatible; Bot/2.1; +http://bot.test/about.html)";
    let cases = [
        ("Host", "shop.test:8080"),
        ("Accept", "text/html,application/xml;q=0.9,*/*;q=0.8"),
        ("Accept-Language", "de-DE,de;q=0.9"),
        ("Content-Type", "multipart/form-data; boundary=x"),
        ("User-Agent", agent),
        ("Sec-CH-UA", r#""Not?A_Brand";v="24", "Chromium";v="124""#),
        ("Sec-CH-UA-Mobile", "?0"),
        ("Sec-Fetch-Site", "same-origin"),
        ("If-None-Match", r#"W/"5e1f""#),
        ("Sentry-Trace", SENTRY_TRACE),
        ("Traceparent", &format!("00-{TRACE_ID}-{SPAN_ID}-01")),
        ("X-Request-Id", "a@b#c?d"),
        ("Referer", "https://shop.test/a@b/c"),
    ];
    assert_shown(&cases.map(|(name, value)| (name, value, value))).await;
}

#[tokio::test]
async fn everything_is_shown_where_the_client_allows_it() {
    let headers = [
        ("cookie", "session=secret"),
        ("referer", "https://ada:secret@shop.test/a?secret"),
        ("x-real-ip", "192.0.2.7"),
        ("baggage", "vendor=1,sentry-release=1"),
    ];
    for request in shown(ClientOptions::new().send_default_pii(true), &headers).await {
        for (name, value) in headers {
            assert_eq!(request["headers"][name], value);
        }
        assert_eq!(request["query_string"], "token=secret");
    }
}
