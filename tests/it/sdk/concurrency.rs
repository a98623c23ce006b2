//! Many requests at once, none of which sees anything of another.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::routing::get;
use futures_util::future::join_all;
use futures_util::stream;
use sentry::{Breadcrumb, Level};
use sentry_ssr::{RootSpan, RootSpanLayer};
use serde_json::Value;

use crate::support::request;
use crate::support::sdk::Sdk;
use crate::support::tags::{Tags, tags};

const REQUESTS: usize = 500;

/// Leaves a mark of the request wherever it can, with others in between.
async fn page(span: RootSpan, Path(number): Path<usize>) -> Body {
    tokio::task::yield_now().await;
    sentry::configure_scope(|scope| scope.set_tag("number", number));
    tokio::task::yield_now().await;
    sentry::add_breadcrumb(Breadcrumb {
        message: Some(number.to_string()),
        ..Breadcrumb::default()
    });
    tokio::task::yield_now().await;
    let child = RootSpan::current().unwrap().sdk_span().unwrap();
    let child = child.start_child("child", &number.to_string());
    tokio::task::yield_now().await;
    child.finish();
    Body::from_stream(stream::unfold(0, move |frame| {
        let tags = span.meta_tags().to_string();
        async move {
            tokio::task::yield_now().await;
            sentry::capture_message("something is wrong", Level::Error);
            (frame == 0).then(|| (Ok::<_, std::io::Error>(tags), frame + 1))
        }
    }))
}

fn by_trace(items: Vec<Value>) -> HashMap<String, Vec<Value>> {
    let mut all = HashMap::<_, Vec<_>>::new();
    for item in items {
        let trace_id = item["contexts"]["trace"]["trace_id"].as_str().unwrap();
        all.entry(trace_id.to_owned()).or_default().push(item);
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_never_mix() {
    let sdk = Arc::new(Sdk::sampling_all());
    let app = Router::new()
        .route("/{number}", get(page))
        .layer(RootSpanLayer::new());
    let visits = (0..REQUESTS).map(|number| {
        let visit = tags(app.clone(), request::get(&format!("/{number}")));
        tokio::spawn(sdk.scope(visit))
    });
    let visited = join_all(visits).await;
    let tags: Vec<Tags> = visited.into_iter().map(Result::unwrap).collect();

    let (transactions, events) = (by_trace(sdk.transactions()), by_trace(sdk.events()));
    assert_eq!((transactions.len(), events.len()), (REQUESTS, REQUESTS));
    for (number, tags) in tags.iter().enumerate() {
        let number = number.to_string();
        let [transaction] = &*transactions[&tags.trace_id()] else {
            panic!("not one transaction of request {number}");
        };
        assert_eq!(transaction["contexts"]["trace"]["span_id"], tags.span_id());
        assert_eq!(transaction["tags"]["number"], number);
        assert_eq!(transaction["spans"].as_array().unwrap().len(), 1);
        assert_eq!(transaction["spans"][0]["description"], number);
        assert_eq!(transaction["transaction"], "GET /{number}");

        let events = &events[&tags.trace_id()];
        assert_eq!(events.len(), 2);
        for event in events {
            assert_eq!(event["tags"]["number"], number);
            let crumbs = event["breadcrumbs"]["values"].as_array().unwrap();
            assert_eq!(crumbs.len(), 1);
            assert_eq!(crumbs[0]["message"], number);
        }
    }
}
