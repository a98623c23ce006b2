//! The feature `tera`: the tags are trusted markup.

use sentry_ssr::{RootSpan, TraceOptions, TransactionName};

fn main() {
    let name = TransactionName::route("GET", "/");
    let span = RootSpan::start(&TraceOptions::new(), None, &name);
    let tags = span.meta_tags();
    let mut engine = tera::Tera::default();
    engine
        .add_raw_template("page.html", "<head>{{ tags }}</head>")
        .unwrap();
    let mut context = tera::Context::new();
    context.insert_value("tags", tags.clone().into());
    let page = engine.render("page.html", &context).unwrap();
    assert_eq!(page, format!("<head>{tags}</head>"));
}
