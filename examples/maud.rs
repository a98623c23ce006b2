//! The tags in a maud page: `cargo run --example maud --features maud`.
//!
//! The feature `maud` implements `Render` for the tags, so maud does not escape them a second time.

use std::io;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use maud::{DOCTYPE, Markup, html};
use sentry_ssr::{MetaTags, RootSpan, RootSpanLayer};
use tokio::net::TcpListener;

fn layout(tags: &MetaTags, title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                (tags)
                title { (title) }
            }
            body { (body) }
        }
    }
}

async fn index(span: RootSpan) -> Html<String> {
    let body = html! { p { "Hello" } };
    Html(layout(&span.meta_tags(), "A page by maud", &body).into_string())
}

pub(crate) fn app() -> Router {
    Router::new()
        .route("/", get(index))
        .layer(RootSpanLayer::new())
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app()).await
}
