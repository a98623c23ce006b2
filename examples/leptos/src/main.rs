//! The tags in a Leptos page that is rendered on the server: `cargo run`.
//!
//! The shell of the page is not hydrated, so it prints the tags like any template. Leptos runs each
//! resource in a task of its own, which [`RootSpan::scope`] makes part of the request.

use std::io;

use axum::Router as Service;
use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;
use sentry_ssr::{BAGGAGE, RootSpan, RootSpanLayer, SENTRY_TRACE, trace_data};
use tokio::net::TcpListener;

/// The tags as Leptos elements; Leptos escapes their attributes.
#[component]
fn SentryTags() -> impl IntoView {
    trace_data().map(|trace| {
        let baggage = trace.baggage();
        let baggage = (!baggage.is_empty()).then(|| baggage.to_string());
        view! {
            <meta name=SENTRY_TRACE content=trace.sentry_trace().to_string()/>
            {baggage.map(|baggage| view! { <meta name=BAGGAGE content=baggage/> })}
        }
    })
}

fn shell() -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <SentryTags/>
                <title>"A page by Leptos"</title>
            </head>
            <body><App/></body>
        </html>
    }
}

#[component]
fn App() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=|| "Not found">
                <Route path=path!("/users/:id") view=User/>
            </Routes>
        </Router>
    }
}

/// Waits for its data after the head has been sent.
#[component]
fn User() -> impl IntoView {
    let span = RootSpan::current();
    let greeting = Resource::new(|| (), move |()| within(span.clone(), greeting()));
    view! {
        <Suspense fallback=|| "…">
            <p>{move || greeting.get()}</p>
        </Suspense>
    }
}

/// Leptos runs a resource in a task of its own, which is part of the request only with the span.
async fn within<F: Future>(span: Option<RootSpan>, future: F) -> F::Output {
    match span {
        Some(span) => span.scope(future).await,
        None => future.await,
    }
}

async fn greeting() -> String {
    tokio::task::yield_now().await;
    let trace = RootSpan::current().map(|span| span.trace_id().to_string());
    format!("Hello from trace {}", trace.unwrap_or_default())
}

fn app() -> Service {
    let options = LeptosOptions::builder().output_name("page").build();
    Service::new()
        .leptos_routes(&options, generate_route_list(App), shell)
        .with_state(options)
        .layer(RootSpanLayer::new())
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app()).await
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use http_body_util::BodyExt as _;
    use sentry_ssr::testing::{HeadReport, assert_traced};
    use tower::ServiceExt as _;

    const TRACE: &str = "771a43a4192642f0b136d5159a501700";

    async fn page() -> String {
        let request = Request::get("/users/7")
            .header("sentry-trace", format!("{TRACE}-1234567890abcdef-1"))
            .header(
                "baggage",
                format!("sentry-trace_id={TRACE},sentry-release=a%26%22b"),
            );
        let request = request.body(Body::empty()).unwrap();
        let response = super::app().oneshot(request).await.unwrap();
        let body = response.into_body().collect().await.unwrap();
        String::from_utf8(body.to_bytes().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn the_page_hands_its_trace_on() {
        let page = page().await;
        assert_traced(&page);
        let report = HeadReport::of(&page);
        assert_eq!(report.trace_id(), Some(TRACE));
        assert!(
            report
                .baggage()
                .unwrap()
                .contains("sentry-release=a%26%22b")
        );
    }

    #[tokio::test]
    async fn what_is_rendered_late_belongs_to_the_same_trace() {
        let page = page().await;
        assert!(
            page.contains(&format!("Hello from trace {TRACE}")),
            "{page}"
        );
    }
}
