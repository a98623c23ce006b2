//! The feature `askama`: the tags are trusted markup.

use sentry_ssr::{RootSpan, TraceOptions, TransactionName};

#[derive(askama::Template)]
#[template(source = "<head>{{ span.meta_tags() }}</head>", ext = "html")]
struct Page {
    span: RootSpan,
}

fn main() {
    let name = TransactionName::route("GET", "/");
    let span = RootSpan::start(&TraceOptions::new(), None, &name);
    let tags = span.meta_tags();
    let page = askama::Template::render(&Page { span }).unwrap();
    assert_eq!(page, format!("<head>{tags}</head>"));
}
