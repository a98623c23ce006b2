//! A small application with htmx, in which each swapped page has its own trace: `cargo run --example htmx`.
//!
//! `SENTRY_DSN` is where server and browser report to; `SENTRY_BROWSER_SDK` and `HTMX` are the scripts that the pages
//! load, by default from a CDN; `BIND` is the address.

use std::env;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Router, serve};
use sentry_ssr::RootSpanLayer;
use serde::Deserialize;

#[derive(Clone)]
struct Browser {
    sdk: String,
    dsn: Option<String>,
    htmx: String,
}

#[derive(Clone)]
struct Tea {
    name: String,
    minutes: u8,
}

#[derive(Template, WebTemplate)]
#[template(path = "htmx/list.html")]
struct List {
    browser: Browser,
    teas: Vec<(usize, Tea)>,
}

#[derive(Template, WebTemplate)]
#[template(path = "htmx/rows.html")]
struct Rows {
    teas: Vec<(usize, Tea)>,
}

#[derive(Template, WebTemplate)]
#[template(path = "htmx/detail.html")]
struct Detail {
    browser: Browser,
    tea: Tea,
}

#[derive(Template, WebTemplate)]
#[template(path = "htmx/form.html")]
struct NewTea {
    browser: Browser,
    entry: Entry,
    error: Option<&'static str>,
}

#[derive(Default, Deserialize)]
struct Entry {
    name: String,
    minutes: String,
}

#[derive(Default, Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
}

#[derive(Clone)]
struct App {
    browser: Browser,
    teas: Arc<Mutex<Vec<Tea>>>,
}

impl App {
    fn from_env() -> Self {
        let var = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let sdk = "https://browser.sentry-cdn.com/11.12.0/bundle.tracing.min.js";
        let htmx = "https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist/htmx.min.js";
        let browser = Browser {
            sdk: var("SENTRY_BROWSER_SDK").unwrap_or_else(|| sdk.to_owned()),
            dsn: var("SENTRY_DSN"),
            htmx: var("HTMX").unwrap_or_else(|| htmx.to_owned()),
        };
        let teas = [
            ("Assam", 4),
            ("Darjeeling", 3),
            ("Gyokuro", 2),
            ("Rooibos", 8),
        ];
        let teas = teas.map(|(name, minutes)| Tea {
            name: name.to_owned(),
            minutes,
        });
        Self {
            browser,
            teas: Arc::new(Mutex::new(teas.into())),
        }
    }

    fn teas(&self) -> MutexGuard<'_, Vec<Tea>> {
        self.teas.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, text: &str) -> Vec<(usize, Tea)> {
        let text = text.to_lowercase();
        let teas = self.teas();
        let found = teas.iter().cloned().enumerate();
        found
            .filter(|(_, tea)| tea.name.to_lowercase().contains(&text))
            .collect()
    }
}

async fn list(State(app): State<App>) -> List {
    let teas = app.find("");
    List {
        browser: app.browser,
        teas,
    }
}

/// A fragment of the list, whose request stays a span of the page.
async fn search(State(app): State<App>, Query(search): Query<Search>) -> Rows {
    Rows {
        teas: app.find(&search.q),
    }
}

async fn detail(State(app): State<App>, Path(id): Path<usize>) -> Result<Detail, StatusCode> {
    let tea = app.teas().get(id).cloned();
    let tea = tea.ok_or(StatusCode::NOT_FOUND)?;
    Ok(Detail {
        browser: app.browser,
        tea,
    })
}

async fn form(State(app): State<App>) -> NewTea {
    NewTea {
        browser: app.browser,
        entry: Entry::default(),
        error: None,
    }
}

async fn save(State(app): State<App>, Form(entry): Form<Entry>) -> Response {
    let minutes = entry
        .minutes
        .trim()
        .parse()
        .ok()
        .filter(|it| (1..=60).contains(it));
    let (Some(minutes), false) = (minutes, entry.name.trim().is_empty()) else {
        let error = Some("A tea has a name, and draws for 1 to 60 minutes.");
        let browser = app.browser;
        return NewTea {
            browser,
            entry,
            error,
        }
        .into_response();
    };
    let name = entry.name.trim().to_owned();
    let mut teas = app.teas();
    teas.push(Tea { name, minutes });
    Redirect::to(&format!("/teas/{}", teas.len() - 1)).into_response()
}

fn app() -> Router {
    Router::new()
        .route("/", get(list))
        .route("/search", get(search))
        .route("/teas/new", get(form).post(save))
        .route("/teas/{id}", get(detail))
        .layer(RootSpanLayer::new().route_name(true))
        .with_state(App::from_env())
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let options = sentry::ClientOptions::new().traces_sample_rate(1.0);
    let _sentry = sentry::init(sentry_ssr::instrument(options));
    let bind = env::var("BIND").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let listener = tokio::net::TcpListener::bind(bind).await?;
    println!("listening on http://{}", listener.local_addr()?);
    serve(listener, app())
        .with_graceful_shutdown(async { drop(tokio::signal::ctrl_c().await) })
        .await
}
