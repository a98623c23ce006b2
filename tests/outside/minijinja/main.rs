//! The feature `minijinja`: the tags are trusted markup.

use std::collections::BTreeMap;

use sentry_ssr::{RootSpan, TraceOptions, TransactionName};

fn main() {
    let name = TransactionName::route("GET", "/");
    let span = RootSpan::start(&TraceOptions::new(), None, &name);
    let tags = span.meta_tags();
    let mut engine = minijinja::Environment::new();
    engine
        .add_template("page.html", "<head>{{ tags }}</head>")
        .unwrap();
    let template = engine.get_template("page.html").unwrap();
    let context = BTreeMap::from([("tags", minijinja::Value::from(tags.clone()))]);
    let page = template.render(context).unwrap();
    assert_eq!(page, format!("<head>{tags}</head>"));
}
