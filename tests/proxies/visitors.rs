//! Two hundred visitors a page, behind proxies with lifetimes of their own.

use std::collections::HashSet;

use futures_util::future::join_all;
use sentry_ssr::RootSpanLayer;

use crate::proxy::{Answer, Proxy};
use crate::site::{self, BEFORE, BEHIND, HEADS, STREAMED, WAYS};

const VISITS: usize = 200;
/// So many visitors come at a time.
const AT_ONCE: usize = 8;

/// What went wrong with a page, if anything.
async fn fault(proxy: &Proxy, path: &str) -> Option<String> {
    let encoding = if path.contains("compressed") {
        "gzip"
    } else {
        "identity"
    };
    let mut seen = HashSet::new();
    for _ in 0..VISITS / AT_ONCE {
        let visits = (0..AT_ONCE).map(|_| proxy.visit(path, encoding));
        for answer in join_all(visits).await {
            if !is_right(&answer) {
                return Some(format!("{path}: {} {}", answer.status, answer.page));
            }
            if let Some(trace) = answer.traces().into_iter().find(|it| seen.contains(it)) {
                return Some(format!("{path} serves {trace} again: {:?}", answer.headers));
            }
            seen.extend(answer.traces());
        }
    }
    let is_private = path.ends_with("/silent");
    (is_private && seen.len() != VISITS).then(|| format!("{path} has {} traces", seen.len()))
}

/// All the page's own bytes, and nothing else but a trace.
fn is_right(answer: &Answer) -> bool {
    let page = answer.page.strip_prefix(BEFORE);
    let trace = page.and_then(|page| page.strip_suffix(BEHIND));
    let has_only_trace = |trace: &str| trace.is_empty() || !answer.traces().is_empty();
    answer.status == 200 && trace.is_some_and(has_only_trace)
}

async fn faults(proxy: &Proxy) -> Vec<String> {
    let ways = WAYS.iter().map(|(way, _)| way).chain(STREAMED);
    let mut faults = Vec::new();
    for way in ways {
        for (head, _) in HEADS {
            faults.extend(fault(proxy, &format!("/{way}/{head}")).await);
        }
    }
    faults
}

const NONE: [&str; 0] = [];

#[tokio::test]
#[ignore = "needs proxies: tests/proxies.sh"]
async fn behind_nginx_with_a_lifetime_of_its_own_no_trace_is_served_twice() {
    let app = site::app(RootSpanLayer::new().inject_tags(true));
    let proxy = Proxy::nginx(app, "proxy_cache_valid 200 10m;").await;
    assert_eq!(faults(&proxy).await, NONE);
}

#[tokio::test]
#[ignore = "needs proxies: tests/proxies.sh"]
async fn behind_varnish_with_its_default_lifetime_no_trace_is_served_twice() {
    let proxy = Proxy::varnish(site::app(RootSpanLayer::new().inject_tags(true))).await;
    assert_eq!(faults(&proxy).await, NONE);
}
