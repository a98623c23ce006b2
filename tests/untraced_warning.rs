//! The warning about pages that lose their tags: by route, never by path.

#![cfg(feature = "axum")]

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use axum::Router;
use http::Request;
use sentry_ssr::{RootSpan, RootSpanLayer};

#[path = "pages/site.rs"]
#[expect(dead_code, reason = "the warning needs one page")]
mod site;

use site::*;

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One test at a time: whether a warning is of interest is remembered for all threads.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// What is logged while so many paths are visited.
async fn logged(app: Router, visits: usize) -> String {
    let _turn = TURN.lock().await;
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone());
    let _log = tracing::subscriber::set_default(subscriber.finish());
    for visit in 0..visits {
        let path = format!("/pages/secret{visit}");
        let answer = ask(&app, Request::get(path).header("accept", "text/html")).await;
        assert!(answer.is_silent());
    }
    let log = log.0.lock().unwrap().clone();
    String::from_utf8(log).unwrap()
}

fn losing() -> Router {
    page(&[HTML, FRESH], |span| {
        format!("{BEFORE}{}{AFTER}", tags(span))
    })
}

fn warnings(log: &str) -> Vec<&str> {
    log.lines().filter(|line| line.contains("WARN")).collect()
}

#[tokio::test]
async fn a_route_is_told_once_and_by_its_pattern() {
    let log = logged(losing().layer(RootSpanLayer::new()), 50).await;
    let warnings = warnings(&log);
    assert_eq!(warnings.len(), 1, "{log}");
    assert!(warnings[0].contains("/pages/{id}"), "{log}");
    assert!(warnings[0].contains("cache-control: max-age"), "{log}");
    assert!(!log.contains("secret"), "{log}");
}

#[tokio::test]
async fn a_fallback_is_told_once_without_its_paths() {
    let fallback = |span: RootSpan| async move {
        let page = format!("{BEFORE}{}{AFTER}", span.meta_tags());
        (
            axum::response::AppendHeaders([HTML, FRESH]),
            axum::body::Body::from(page),
        )
    };
    let log = logged(
        Router::new().fallback(fallback).layer(RootSpanLayer::new()),
        50,
    )
    .await;
    assert_eq!(warnings(&log).len(), 1, "{log}");
    assert!(warnings(&log)[0].contains("no route"), "{log}");
    assert!(!log.contains("secret"), "{log}");
}

#[tokio::test]
async fn around_the_whole_router_no_path_is_told() {
    let inside = losing();
    let app = Router::new().fallback_service(tower::Layer::layer(&RootSpanLayer::new(), inside));
    let log = logged(app, 50).await;
    assert_eq!(warnings(&log).len(), 1, "{log}");
    assert!(!log.contains("secret"), "{log}");
}
