//! The pages of the caches example, asked for in memory.

#[path = "../../../examples/caches.rs"]
#[expect(dead_code, reason = "the test does not start the server")]
#[expect(clippy::duplicate_mod, reason = "each example has a server of its own")]
mod example;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use sentry_ssr::RootSpanLayer;
use tower::ServiceExt;

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    page: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn has_tags(&self) -> bool {
        self.page.contains("<meta name=\"sentry-trace\"")
    }

    fn has_guard(&self) -> bool {
        self.page.contains("<script>(function(rendered,maxAge,")
    }

    fn has_timing(&self) -> bool {
        self.header("server-timing").is_some()
    }
}

async fn get(path: &str, etag: Option<&str>) -> Answer {
    let browser = example::server::Browser {
        sdk: "/sdk.js".to_owned(),
        dsn: None,
        release: None,
        environment: None,
        spotlight: false,
    };
    let mut request = Request::get(path).header("accept", "text/html");
    if let Some(etag) = etag {
        request = request.header("if-none-match", etag);
    }
    let request = request.body(Body::empty()).unwrap();
    let app = example::app(RootSpanLayer::new(), browser);
    let (head, body) = app.oneshot(request).await.unwrap().into_parts();
    let page = body.collect().await.unwrap().to_bytes();
    Answer {
        status: head.status,
        headers: head.headers,
        page: String::from_utf8(page.to_vec()).unwrap(),
    }
}

#[tokio::test]
async fn each_page_carries_its_trace_where_the_layer_is_set_to_put_it() {
    let table = [
        // page, tags, guard, Server-Timing
        ("/tags/never", true, false, false),
        ("/tags/asked", false, false, true),
        ("/tags/fresh", false, false, false),
        ("/tags/guarded/never", true, true, false),
        ("/tags/guarded/asked", false, true, true),
        ("/tags/guarded/fresh", false, false, false),
        ("/header/never", false, false, true),
        ("/header/asked", false, false, true),
        ("/header/fresh", false, false, false),
        ("/header/guarded/never", false, true, true),
        ("/header/guarded/asked", false, true, true),
        ("/header/guarded/fresh", false, false, false),
        ("/both/guarded/never", true, true, true),
        ("/both/guarded/asked", false, true, true),
        ("/both/guarded/fresh", false, false, false),
        ("/kept/never", true, false, false),
        ("/kept/asked", true, false, false),
        ("/kept/fresh", true, false, false),
        ("/kept/guarded/fresh", true, true, false),
        ("/unstorable/never", true, false, false),
        ("/unstorable/asked", true, false, false),
        ("/unstorable/fresh", true, false, false),
    ];
    for (path, tags, guard, timing) in table {
        let answer = get(path, None).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.has_tags(), tags, "{path}");
        assert_eq!(answer.has_guard(), guard, "{path}");
        assert_eq!(answer.has_timing(), timing, "{path}");
    }
}

#[tokio::test]
async fn a_page_that_the_browser_has_is_not_sent_again() {
    for etag in ["\"v1\"", "W/\"v1\""] {
        for way in ["/tags", "/tags/guarded", "/header/guarded"] {
            let answer = get(&format!("{way}/asked"), Some(etag)).await;
            assert_eq!(answer.status, StatusCode::NOT_MODIFIED, "{way}");
            assert_eq!(answer.page, "", "{way}");
            assert!(answer.has_timing(), "{way}");
        }
    }
    let answer = get("/tags/asked", Some("\"v0\"")).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn an_unstorable_page_may_be_kept_by_nobody() {
    let answer = get("/unstorable/fresh", None).await;
    assert_eq!(answer.header("cache-control"), Some("private, no-store"));
}
