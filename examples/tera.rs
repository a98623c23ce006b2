//! The tags in a tera base template: `cargo run --example tera --features tera`.
//!
//! A registered function returns the tags of the current request, so handlers do not pass them to the
//! template. The feature `tera` makes the tags a safe string.

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::get;
use sentry_ssr::{RootSpanLayer, meta_tags};
use tera::{Context, Kwargs, Tera, Value};
use tokio::net::TcpListener;

const BASE: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
{{ sentry_tags() }}
<title>{% block title %}{% endblock %}</title>
</head>
<body>{% block body %}{% endblock %}</body>
</html>"#;

const INDEX: &str = r#"{% extends "base.html" %}
{% block title %}{{ title }}{% endblock %}
{% block body %}Hello{% endblock %}"#;

fn sentry_tags(_: Kwargs, _: &tera::State<'_>) -> Value {
    meta_tags().into()
}

fn templates() -> Result<Tera, tera::Error> {
    let mut templates = Tera::default();
    templates.register_function("sentry_tags", sentry_tags);
    templates.add_raw_templates([("base.html", BASE), ("index.html", INDEX)])?;
    Ok(templates)
}

async fn index(State(templates): State<Arc<Tera>>) -> Result<Html<String>, StatusCode> {
    let mut context = Context::new();
    context.insert("title", "A page by tera");
    templates
        .render("index.html", &context)
        .map(Html)
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

pub(crate) fn app() -> Result<Router, tera::Error> {
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
