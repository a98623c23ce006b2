//! The feature `maud`: the tags are trusted markup.

use sentry_ssr::{RootSpan, TraceOptions, TransactionName};

fn main() {
    let name = TransactionName::route("GET", "/");
    let span = RootSpan::start(&TraceOptions::new(), None, &name);
    let tags = span.meta_tags();
    let page = maud::html! { head { (tags) } }.into_string();
    assert_eq!(page, format!("<head>{tags}</head>"));
}
