//! Pages that htmx and Turbo swap: the server of the tests in `navigations.test.mjs`.
//!
//! `SENTRY_BROWSER_SDK` is where the pages load the SDK's script from; the libraries are expected beside it.
//! Under `/plain/…` the same pages are as they are without the scripts of this crate.

use std::env;

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect};
use axum::routing::get;
use axum::{Form, Router};
use sentry_ssr::{NavigationScript, RootSpanLayer};
use serde::Deserialize;

#[derive(Template, WebTemplate)]
#[template(
    ext = "html",
    source = r##"<!doctype html>
<html lang="en"><head>
<meta charset="utf-8">
{{ sentry_ssr::meta_tags() }}
<meta name="htmx-config" content="{{ site.htmx }}">
<meta name="turbo-prefetch" content="{{ site.prefetches }}">
<title>{{ title }}</title>
<link rel="icon" href="data:,">
<script src="{{ site.sdk }}/sentry.js"></script>
<script data-dsn="{{ site.dsn }}">
Sentry.init({
  ...document.currentScript.dataset,
  integrations: [Sentry.browserTracingIntegration({
    instrumentPageLoad: {{ site.is_plain }},
    instrumentNavigation: {{ site.is_plain }},
  })],
  tracesSampleRate: 1,
});
</script>
{%- if !site.is_plain %}
{{ sentry_ssr::PageloadScript::new() }}
{{ site.script }}
{%- endif %}
<script src="{{ site.sdk }}/{{ site.library }}.js"></script>
{%- if site.is_compatible %}
<script src="{{ site.sdk }}/compat.js"></script>
{%- endif %}
</head><body hx-boost="true" hx-boost:inherited="true">
<h1>{{ title }}</h1>
<nav>
<a href="{{ site.root }}/home">home</a>
{%- for id in 1..=5 %}
<a href="{{ site.root }}/items/{{ id }}">item {{ id }}</a>
{%- endfor %}
<a href="{{ site.root }}/authors/1">author</a>
<a href="{{ site.root }}/slow/1">slow</a>
<a href="{{ site.root }}/late/1">late</a>
<a href="{{ site.root }}/redirect">redirect</a>
<a href="{{ site.root }}/error">error</a>
<a href="{{ site.root }}/nowhere/secret">nowhere</a>
<a href="{{ site.root }}/form">form</a>
<a href="#fragment">fragment</a>
<a id="plain" hx-boost="false" data-turbo="false" href="{{ site.root }}/items/6">not boosted</a>
</nav>
<form method="post" action="{{ site.root }}/form"><input name="name"><button>Save</button></form>
<form method="get" action="{{ site.root }}/search" id="search"><input name="q" value="tea"><button>Search</button></form>
<div id="part"></div>
<button id="partial" hx-get="{{ site.root }}/part" hx-target="#part">partial</button>
<button id="push" hx-get="{{ site.root }}/items/7" hx-target="body" hx-push-url="true">push</button>
<div data-hx-push-url="true"><button id="data-push" data-hx-get="{{ site.root }}/items/7" data-hx-target="body">push</button></div>
<button id="replace" hx-get="{{ site.root }}/items/8" hx-target="body" hx-replace-url="true">replace</button>
<a id="unpushed" href="{{ site.root }}/part" hx-target="#part" hx-push-url="false">boosted, not pushed</a>
<button id="header-push" hx-get="{{ site.root }}/pushed" hx-target="#part">pushed by the response</button>
<button id="replaced-here" hx-get="{{ site.root }}/replaced" hx-target="#part">replaced by the same address</button>
<div hx-push-url="true" hx-disinherit="hx-push-url"><button id="disinherited" hx-get="{{ site.root }}/part" hx-target="#part">not pushed</button></div>
<div hx-push-url="true"><button id="unset" hx-get="{{ site.root }}/part" hx-target="#part" hx-push-url="unset">not pushed</button></div>
<div hx-push-url="true"><div data-hx-push-url="false"><button id="nearer" hx-get="{{ site.root }}/part" hx-target="#part">not pushed</button></div></div>
<form hx-boost="false" hx-post="{{ site.root }}/located" hx-target="#part" id="located"><button>Save</button></form>
<turbo-frame id="frame">
<a id="in-frame" href="{{ site.root }}/framed/1">in the frame</a>
<form id="form-in-frame" action="{{ site.root }}/framed/3"><button>in the frame</button></form>
<form id="form-out-of-frame" action="{{ site.root }}/framed/4" data-turbo-action="advance"><button>with the address</button></form>
<form id="button-out-of-frame" action="{{ site.root }}/framed/6"><button data-turbo-action="advance">with the address</button></form>
<a id="out-of-frame" href="{{ site.root }}/framed/2" data-turbo-action="advance">in the frame, with the address</a>
</turbo-frame>
</body></html>"##
)]
struct Page {
    site: Site,
    title: String,
}

/// One library, set up in one way.
#[derive(Clone)]
struct Site {
    root: &'static str,
    library: &'static str,
    script: NavigationScript,
    htmx: &'static str,
    prefetches: bool,
    is_plain: bool,
    /// With the extension of htmx 4 for pages of version 2.
    is_compatible: bool,
    sdk: String,
    dsn: String,
}

impl Site {
    fn new(root: &'static str, library: &'static str) -> Self {
        let var = |name| env::var(name).unwrap_or_default();
        Self {
            root,
            library,
            script: match library {
                "turbo" => NavigationScript::turbo(),
                _ => NavigationScript::htmx(),
            },
            htmx: "{}",
            prefetches: false,
            is_compatible: false,
            is_plain: root.starts_with("/plain"),
            sdk: var("SENTRY_BROWSER_SDK").replace("/sentry.js", ""),
            dsn: var("SENTRY_DSN"),
        }
    }

    fn page(&self, title: impl Into<String>) -> Page {
        Page {
            site: self.clone(),
            title: title.into(),
        }
    }

    fn pages(self) -> Router {
        let (root, site) = (self.root, &self);
        let page = |title: &'static str| {
            let site = site.clone();
            get(async move || site.page(title))
        };
        let numbered = |title: &'static str| {
            let site = site.clone();
            get(async move |Path(id): Path<String>| site.page(format!("{title} {id}")))
        };
        let error = {
            let site = site.clone();
            get(async move || (StatusCode::INTERNAL_SERVER_ERROR, site.page("Error")))
        };
        let form = {
            let site = site.clone();
            page("Form").post(async move |Form(Entry { name }): Form<Entry>| {
                if name.is_empty() {
                    (StatusCode::UNPROCESSABLE_ENTITY, site.page("Name it")).into_response()
                } else {
                    Redirect::to(&format!("{root}/items/9")).into_response()
                }
            })
        };
        let replaced = [("hx-replace-url", format!("{root}/items/5"))];
        let pushed = [("hx-push-url", format!("{root}/items/3"))];
        let located = [("hx-location", format!("{root}/items/4"))];
        let pages = Router::new()
            .route("/home", page("Home"))
            .route("/search", page("Search"))
            .route("/items/{id}", numbered("Item"))
            .route("/authors/{id}", numbered("Author"))
            .route("/framed/{id}", numbered("Framed"))
            .route("/slow/{id}", numbered("Slow"))
            .route("/late/{id}", numbered("Late"))
            .route(
                "/redirect",
                get(async move || Redirect::to(&format!("{root}/items/5"))),
            )
            .route("/error", error)
            .route("/form", form)
            .route("/part", get(async || Html("<p>a part</p>")))
            .route(
                "/pushed",
                get(async move || (pushed, Html("<p>pushed</p>"))),
            )
            .route(
                "/replaced",
                get(async move || (replaced, Html("<p>replaced</p>"))),
            )
            .route("/located", axum::routing::post(async move || (located, "")));
        let layer = RootSpanLayer::new().route_name(!self.is_plain);
        Router::new().nest(root, pages).layer(layer)
    }
}

#[derive(Deserialize)]
struct Entry {
    name: String,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let options = sentry::ClientOptions::new().traces_sample_rate(1.0);
    let _sentry = sentry::init(sentry_ssr::instrument(options));
    let uncached = Site {
        htmx: r#"{"historyCacheSize":0}"#,
        ..Site::new("/htmx2-uncached", "htmx2")
    };
    let prefetched = Site {
        prefetches: true,
        ..Site::new("/turbo-prefetched", "turbo")
    };
    let compatible = Site {
        is_compatible: true,
        ..Site::new("/htmx4-compat", "htmx4")
    };
    let app = Router::new()
        .merge(compatible.pages())
        .merge(Site::new("/htmx4", "htmx4").pages())
        .merge(Site::new("/htmx2", "htmx2").pages())
        .merge(uncached.pages())
        .merge(Site::new("/turbo", "turbo").pages())
        .merge(prefetched.pages())
        .merge(Site::new("/plain/htmx4", "htmx4").pages())
        .merge(Site::new("/plain/htmx2", "htmx2").pages())
        .merge(Site::new("/plain/turbo", "turbo").pages());
    let bind = env::var("BIND").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let listener = tokio::net::TcpListener::bind(bind).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app)
        .with_graceful_shutdown(async { drop(tokio::signal::ctrl_c().await) })
        .await
}
