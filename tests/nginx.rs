//! A real caching proxy in front of the layer never serves a trace twice: `tests/nginx.sh`.
//!
//! Needs nginx, so it is ignored in a plain run of the tests; the script installs it.

#![cfg(all(feature = "axum", feature = "askama", feature = "sentry"))]

#[path = "../examples/caches.rs"]
#[expect(dead_code, reason = "the test does not start the server")]
mod example;

use std::collections::HashSet;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::AppendHeaders;
use axum::routing::get;
use http::StatusCode;
use sentry_ssr::{CachePolicy, RootSpan, RootSpanLayer};
use tokio::time::sleep;

type Lines = &'static [(&'static str, &'static str)];

const HTML: (&str, &str) = ("content-type", "text/html");
const DATED: (&str, &str) = ("last-modified", "Thu, 19 Nov 1981 08:52:00 GMT");
const ETAG: (&str, &str) = ("etag", "\"v1\"");

/// Each page, and how nginx answers the second request for it.
const PAGES: &[(&str, Lines, &str)] = &[
    ("/silent", &[HTML], "MISS"),
    ("/no-store", &[HTML, ("cache-control", "no-store")], "MISS"),
    ("/etag", &[HTML, ETAG], "MISS"),
    ("/dated", &[HTML, DATED], "MISS"),
    (
        "/no-cache",
        &[HTML, ETAG, ("cache-control", "no-cache")],
        "MISS",
    ),
    ("/fresh", &[HTML, ("cache-control", "max-age=60")], "HIT"),
    (
        "/fresh-etag",
        &[HTML, ETAG, ("cache-control", "public, max-age=60")],
        "HIT",
    ),
    (
        "/shared",
        &[HTML, ("cache-control", "max-age=0, s-maxage=60")],
        "HIT",
    ),
    (
        "/quoted",
        &[HTML, ("cache-control", "x=\"a, max-age=60, b\"")],
        "HIT",
    ),
    (
        "/semicolon",
        &[HTML, ("cache-control", "public; max-age=60")],
        "HIT",
    ),
    (
        "/expires",
        &[HTML, ("expires", "Wed, 25 Nov 2076 02:00:00 GMT")],
        "HIT",
    ),
    ("/accel", &[HTML, ("x-accel-expires", "60")], "HIT"),
    (
        "/aged",
        &[HTML, ("cache-control", "max-age=60"), ("age", "600")],
        "HIT",
    ),
];

/// A page that has to be revalidated once it is stale, and yet is served once more.
const STALE: Lines = &[
    HTML,
    (
        "cache-control",
        "max-age=1, must-revalidate, stale-while-revalidate=60",
    ),
];

fn app(layer: RootSpanLayer) -> Router {
    let mut app = Router::new();
    for (path, lines, _) in PAGES.iter().copied().chain([("/stale", STALE, "")]) {
        let own = move |span: RootSpan| async move {
            let page = format!("<!doctype html><head>{}<title>t</title>", span.meta_tags());
            (AppendHeaders(lines.to_vec()), Body::from(page))
        };
        let foreign = move || async move {
            let page = Body::from("<!doctype html><head><title>t</title>");
            (AppendHeaders(lines.to_vec()), page)
        };
        app = app.route(&format!("/own{path}"), get(own));
        app = app.route(&format!("/foreign{path}"), get(foreign));
    }
    app.layer(layer)
}

/// The pages of the caches example, and how nginx answers the second request for each.
const EXAMPLE: &[(&str, &str)] = &[("never", "MISS"), ("asked", "MISS"), ("fresh", "HIT")];

/// Where the example serves them by the policy that holds where none is chosen.
const BY_DEFAULT: &[&str] = &[
    "/tags",
    "/tags/guarded",
    "/header",
    "/header/guarded",
    "/both/guarded",
];

fn example() -> Router {
    let browser = example::server::Browser {
        sdk: "/sdk.js".to_owned(),
        dsn: None,
        release: None,
        environment: None,
        spotlight: false,
    };
    example::app(RootSpanLayer::new(), browser)
}

/// nginx before an app, both on ports of their own, until dropped.
struct Proxy {
    nginx: Child,
    root: PathBuf,
    address: SocketAddr,
}

impl Proxy {
    async fn before(app: Router, name: &str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _missing = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).unwrap();
        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        fs::write(root.join("nginx.conf"), config(&root, address, upstream)).unwrap();
        let nginx = Command::new("nginx")
            .args(["-e", "stderr", "-p"])
            .arg(&root)
            .args(["-c", "nginx.conf"])
            .spawn()
            .unwrap();
        let proxy = Self {
            nginx,
            root,
            address,
        };
        proxy.wait().await;
        proxy
    }

    async fn wait(&self) {
        for _ in 0..100 {
            if tokio::net::TcpStream::connect(self.address).await.is_ok() {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("nginx does not listen");
    }

    /// The traces that come with a page, and what nginx says of its cache.
    async fn get(&self, path: &str) -> (HashSet<String>, String) {
        let response = reqwest::get(format!("http://{}{path}", self.address))
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let cache = response.headers()["x-cache"].to_str().unwrap().to_owned();
        let headers = format!("{:?}", response.headers());
        let page = response.text().await.unwrap();
        assert!(page.starts_with("<!doctype html>") && page.contains("</title>"));
        (traces(&format!("{headers}{page}")), cache)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.nginx.kill().unwrap();
        self.nginx.wait().unwrap();
        fs::remove_dir_all(&self.root).unwrap();
    }
}

fn config(root: &Path, address: SocketAddr, upstream: SocketAddr) -> String {
    let root = root.display();
    format!(
        "daemon off;
        master_process off;
        pid {root}/pid;
        events {{}}
        http {{
            access_log off;
            client_body_temp_path {root}/body;
            fastcgi_temp_path {root}/fastcgi;
            proxy_temp_path {root}/proxy;
            scgi_temp_path {root}/scgi;
            uwsgi_temp_path {root}/uwsgi;
            proxy_cache_path {root}/cache keys_zone=pages:1m;
            server {{
                listen {address};
                location / {{
                    proxy_pass http://{upstream};
                    proxy_http_version 1.1;
                    proxy_cache pages;
                    proxy_cache_background_update on;
                    proxy_cache_revalidate on;
                    add_header x-cache $upstream_cache_status always;
                }}
            }}
        }}"
    )
}

/// Every run of 32 hex digits.
fn traces(text: &str) -> HashSet<String> {
    let runs = text.split(|c: char| !c.is_ascii_hexdigit());
    runs.filter(|run| run.len() == 32)
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
#[ignore = "needs nginx: tests/nginx.sh"]
async fn no_trace_is_served_twice() {
    let proxy = Proxy::before(
        app(RootSpanLayer::new().inject_tags(true).server_timing(true)),
        "default",
    )
    .await;
    let mut seen = HashSet::new();
    for (path, _, expected) in PAGES {
        for kind in ["own", "foreign"] {
            for turn in 0..3 {
                let (traces, cache) = proxy.get(&format!("/{kind}{path}")).await;
                let expected = if turn == 0 { "MISS" } else { *expected };
                assert_eq!(cache, expected, "{kind}{path}");
                for trace in traces {
                    assert!(seen.insert(trace), "{kind}{path} served a trace twice");
                }
            }
        }
    }
    assert!(
        seen.len() >= 2 * 3 * 2,
        "the pages that no cache keeps are traced"
    );
}

#[tokio::test]
#[ignore = "needs nginx: tests/nginx.sh"]
async fn no_trace_of_the_example_is_served_twice() {
    let proxy = Proxy::before(example(), "example").await;
    let mut seen = HashSet::new();
    for way in BY_DEFAULT {
        for (page, expected) in EXAMPLE {
            let path = format!("{way}/{page}");
            for turn in 0..3 {
                let (traces, cache) = proxy.get(&path).await;
                assert_eq!(cache, if turn == 0 { "MISS" } else { *expected }, "{path}");
                for trace in traces {
                    assert!(seen.insert(trace), "{path} served a trace twice");
                }
            }
        }
    }
    assert_eq!(
        seen.len(),
        BY_DEFAULT.len() * 2 * 3,
        "the pages that nginx does not keep are traced"
    );
}

#[tokio::test]
#[ignore = "needs nginx: tests/nginx.sh"]
async fn a_stale_page_is_served_without_a_trace() {
    let proxy = Proxy::before(app(RootSpanLayer::new().inject_tags(true)), "stale").await;
    for kind in ["own", "foreign"] {
        let path = format!("/{kind}/stale");
        proxy.get(&path).await;
        sleep(Duration::from_millis(2100)).await;
        let (traces, cache) = proxy.get(&path).await;
        assert_eq!(cache, "STALE");
        assert!(traces.is_empty());
    }
}

#[tokio::test]
#[ignore = "needs nginx: tests/nginx.sh"]
async fn made_unstorable_a_page_is_never_served_from_the_cache() {
    let layer = RootSpanLayer::new()
        .inject_tags(true)
        .cache_policy(CachePolicy::Unstorable);
    let proxy = Proxy::before(app(layer), "unstorable").await;
    let mut seen = HashSet::new();
    for (path, _, _) in PAGES {
        for _ in 0..2 {
            let (traces, cache) = proxy.get(&format!("/own{path}")).await;
            assert_eq!(cache, "MISS", "{path}");
            assert!(!traces.is_empty(), "{path}");
            assert!(traces.into_iter().all(|trace| seen.insert(trace)), "{path}");
        }
    }
}

/// The danger is real: what the other tests rule out happens where it is let.
#[tokio::test]
#[ignore = "needs nginx: tests/nginx.sh"]
async fn kept_as_it_is_a_page_is_served_with_the_first_trace() {
    let layer = RootSpanLayer::new().cache_policy(CachePolicy::Keep);
    for (app, path) in [(app(layer), "/own/fresh"), (example(), "/kept/fresh")] {
        let proxy = Proxy::before(app, "keep").await;
        let (first, _) = proxy.get(path).await;
        let (second, cache) = proxy.get(path).await;
        assert_eq!(cache, "HIT");
        assert_eq!(first, second);
        assert!(!first.is_empty());
    }
}
