//! The tags in a handlebars base template: `cargo run --example handlebars`.
//!
//! Handlebars has no type for trusted markup. A helper writes to the page directly, so the tags are not
//! escaped a second time; a value would need three braces, `{{{tags}}}`.

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::get;
use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderError, TemplateError,
};
use sentry_ssr::{RootSpanLayer, meta_tags};
use serde_json::json;
use tokio::net::TcpListener;

const BASE: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
{{sentry_tags}}
<title>{{title}}</title>
</head>
<body>{{> @partial-block}}</body>
</html>"#;

const INDEX: &str = "{{#> base}}Hello{{/base}}";

fn sentry_tags(
    _: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    page: &mut dyn Output,
) -> HelperResult {
    page.write_fmt(format_args!("{}", meta_tags()))
        .map_err(RenderError::from)
}

fn templates() -> Result<Handlebars<'static>, Box<TemplateError>> {
    let mut templates = Handlebars::new();
    templates.register_template_string("base", BASE)?;
    templates.register_template_string("index", INDEX)?;
    templates.register_helper("sentry_tags", Box::new(sentry_tags));
    Ok(templates)
}

async fn index(
    State(templates): State<Arc<Handlebars<'static>>>,
) -> Result<Html<String>, StatusCode> {
    templates
        .render("index", &json!({ "title": "A page by handlebars" }))
        .map(Html)
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

pub(crate) fn app() -> Result<Router, Box<TemplateError>> {
    let templates = templates()?;
    Ok(Router::new()
        .route("/", get(index))
        .layer(RootSpanLayer::new())
        .with_state(Arc::new(templates)))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app()?).await?)
}
