//! The tags in a minijinja base template: `cargo run --example minijinja --features minijinja`.
//!
//! A function of the environment returns the tags of the current request, so handlers do not pass them to
//! the template. The feature `minijinja` makes the tags a safe string.

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::get;
use minijinja::{Environment, Value, context};
use sentry_ssr::{RootSpanLayer, meta_tags};
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

fn templates() -> Result<Environment<'static>, minijinja::Error> {
    let mut templates = Environment::new();
    templates.add_template("base.html", BASE)?;
    templates.add_template("index.html", INDEX)?;
    templates.add_function("sentry_tags", || Value::from(meta_tags()));
    Ok(templates)
}

async fn index(
    State(templates): State<Arc<Environment<'static>>>,
) -> Result<Html<String>, StatusCode> {
    templates
        .get_template("index.html")
        .and_then(|page| page.render(context! { title => "A page by minijinja" }))
        .map(Html)
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

pub(crate) fn app() -> Result<Router, minijinja::Error> {
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
