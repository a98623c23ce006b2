//! The layer that starts a root span for every request.

mod body;
mod cache;
mod finish_guard;
mod rewrite;
mod service;

use std::sync::Arc;
use std::time::Duration;

pub use body::RootSpanBody;
#[doc(hidden)]
pub use cache::{CacheRules, Reason, Reuse};
use http::{request as http_request, response};
pub use rewrite::CachePolicy;
#[doc(hidden)]
pub use rewrite::{LOOK_BYTES, Scanner, Step, prepend_server_timing};
pub use service::{RootSpanFuture, RootSpanService};
use tower_layer::Layer;

use self::rewrite::{Injection, RewriteOptions};
use crate::options::TraceOptions;

/// Starts a [`RootSpan`](crate::RootSpan) for every request of an HTTP service.
///
/// It is the only layer for Sentry that a service needs: it replaces `NewSentryLayer` and `SentryHttpLayer`,
/// whose order matters.
///
/// Rules:
///
/// 1. The span starts before the handler runs. The extractor, [`RootSpan::current`] and
///    [`meta_tags`](crate::meta_tags) all return that span.
/// 2. Each request runs under its own hub, created from the current one: its changes to the scope do not affect
///    other requests, and all its events belong to its trace.
/// 3. The span ends with the response's *body*: when it has been sent, has failed or was dropped; on any thread,
///    once, under the request's own hub.
/// 4. The status of the span distinguishes server errors (5xx), client errors (4xx), a client that disconnected
///    (cancelled) and a panic. A panic passes through.
/// 5. A request that already has a root span from an outer `RootSpanLayer` keeps it; this layer's options for pages
///    and caches apply to its own routes. If another layer has already made a span active, that span is adopted: the
///    root span takes over its ids and its sampling decision, and the other layer finishes it. A span that is active
///    on the process's main hub is not adopted.
///
/// Remove `SentryHttpLayer` when you add this layer. Next to this layer in one `ServiceBuilder`, it starts its
/// transaction too late to be adopted; inside this layer, it starts a second transaction. Add a layer that opens
/// `tracing` spans, such as `TraceLayer`, inside this layer. Otherwise the SDK's layer for `tracing` makes that span
/// active first, and that span does not continue the caller's trace.
///
/// To make the server report the same sampling context as the browser, pass the client options through `instrument`.
///
/// With axum, add the layer with [`Router::layer`](https://docs.rs/axum/0.8/axum/struct.Router.html#method.layer): the route is known there, and the span is
/// named `GET /users/{id}`. Around the whole router the route is unknown, and the span is named after the URL
/// until a handler extracts it.
///
/// ```
/// # #[cfg(feature = "axum")] {
/// use axum::{Router, routing::get};
/// use sentry_ssr::{RootSpan, RootSpanLayer};
///
/// async fn index(span: RootSpan) -> String {
///     format!("<!doctype html><head>{}</head>", span.meta_tags())
/// }
///
/// let app: Router = Router::new().route("/", get(index)).layer(RootSpanLayer::new());
/// # }
/// ```
///
/// [`RootSpan::current`]: crate::RootSpan::current
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct RootSpanLayer {
    options: Option<Arc<TraceOptions>>,
    rewrite: Arc<RewriteOptions>,
}

impl RootSpanLayer {
    /// A layer that takes its options from the Sentry client that is bound when a request arrives. Without a
    /// client the service is unknown, and the decision about a new trace is deferred to the browser.
    pub fn new() -> Self {
        Self::default()
    }

    /// Uses these options instead of those of the client.
    ///
    /// If a client is bound, start from [`TraceOptions::of_client`]: the client decides what it sends, so
    /// both need the same rate.
    ///
    /// ```
    /// use sentry_ssr::{RootSpanLayer, TraceOptions};
    ///
    /// // After `sentry::init`.
    /// let options = TraceOptions::of_client().ignore_incoming_traces(true);
    /// let layer = RootSpanLayer::new().options(options);
    /// ```
    pub fn options(self, options: TraceOptions) -> Self {
        Self {
            options: Some(Arc::new(options)),
            ..self
        }
    }

    /// Whether tags are inserted into every HTML page that has not rendered them itself; off by default.
    ///
    /// The tags are inserted after the `<meta>` elements that open the head, so that they come before every script
    /// and a charset declaration stays within the first 1024 bytes. [`Self::cache_policy`] says what happens to
    /// pages that a cache may reuse. Compressed pages are not changed: add compression outside this layer, that
    /// is, after it. Downloads, signed pages, pages that say `no-transform`, and pages in UTF-16 or
    /// ISO-2022-JP are not changed either.
    ///
    /// Nothing is inserted into the fragments that htmx, Turbo, Inertia and Unpoly request. A page that a cache may keep
    /// with what was inserted into it gets a `Vary` that lists the request headers of these libraries.
    ///
    /// ```
    /// use axum::{Router, response::Html, routing::get};
    /// use sentry_ssr::RootSpanLayer;
    ///
    /// let app: Router = Router::new()
    ///     .route("/", get(|| async { Html("<!doctype html><title>Hello</title>") }))
    ///     .layer(RootSpanLayer::new().inject_tags(true));
    ///     // .layer(CompressionLayer::new())
    /// ```
    pub fn inject_tags(self, inject: bool) -> Self {
        let injection = if inject {
            Injection::On
        } else {
            Injection::Off
        };
        self.rewrite(|rewrite| rewrite.injection = injection)
    }

    /// Inserts tags into those HTML pages for which `predicate` returns true.
    ///
    /// ```
    /// use sentry_ssr::RootSpanLayer;
    ///
    /// let layer = RootSpanLayer::new()
    ///     .inject_tags_when(|request, response| {
    ///         request.uri.path().starts_with("/docs") && response.status.is_success()
    ///     });
    /// ```
    pub fn inject_tags_when(
        self,
        predicate: impl Fn(&http_request::Parts, &response::Parts) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.rewrite(|rewrite| rewrite.injection = Injection::When(Arc::new(predicate)))
    }

    /// Whether every traced page also has its trace in the header `Server-Timing`; off by default.
    ///
    /// A browser exposes the header to the page only in a secure context (`https:` or localhost).
    ///
    /// Source: <https://www.w3.org/TR/server-timing/>
    pub fn server_timing(self, server_timing: bool) -> Self {
        self.rewrite(|rewrite| rewrite.server_timing = server_timing)
    }

    /// Whether each response carries the route of its request, for the browser; off by default.
    ///
    /// The route is the matched pattern, or the name that was set by hand, and never a path. It is sent
    ///
    /// 1. in a page, as a [`RouteTag`](crate::RouteTag) after the tags of the trace, rendered or inserted with them.
    ///    It stays in a page that a cache may keep. A [`PageloadScript`](crate::PageloadScript) reads it;
    /// 2. in every response, in the header `Sentry-Route-Name`, in the same encoding. A
    ///    [`NavigationScript`](crate::NavigationScript) reads it.
    ///
    /// A tag that is [inserted](Self::inject_tags) stays out of fragments, as the tags of the trace do.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use sentry_ssr::RootSpanLayer;
    ///
    /// let app: Router = Router::new()
    ///     .route("/users/{id}", get(|| async { "…" }))
    ///     .layer(RootSpanLayer::new().route_name(true));
    /// ```
    pub fn route_name(self, route_name: bool) -> Self {
        self.rewrite(|rewrite| rewrite.route_name = route_name)
    }

    /// What happens to the trace of a page that a cache may reuse.
    ///
    /// The first page that is sent without its trace, and the first one that is made unstorable because its trace
    /// cannot be removed, are logged with their routes and the reasons at the level `WARN`, later ones at `DEBUG`.
    pub fn cache_policy(self, policy: CachePolicy) -> Self {
        self.rewrite(|rewrite| rewrite.cache_policy = policy)
    }

    /// Inserts a [`StaleGuard`](crate::StaleGuard) after the inserted tags: a script that disables the tags if the page
    /// is older than `max_age` or comes from the browser's own cache. A template can print the script itself. The
    /// script gets the nonce from the page's Content Security Policies, and is left out if one of them would still
    /// block or report it.
    ///
    /// A page without tags whose trace is in `Server-Timing` gets the script too, with or without injection,
    /// because Back and Forward show the old header with the old page.
    pub fn stale_guard(self, max_age: Duration) -> Self {
        self.rewrite(|rewrite| rewrite.stale_after = Some(max_age))
    }

    /// Whether the service is reached only through a proxy that starts each trace and sends it to the browser, as
    /// one that is configured by [`edge`](crate::edge) does; off by default.
    ///
    /// 1. The proxy's trace is continued unchanged, with its context and its decision. [`TraceOptions`] do not apply,
    ///    because the proxy has already applied them. If the proxy deferred the decision, this layer makes one for this
    ///    service alone.
    /// 2. [`MetaTags`](crate::MetaTags) print nothing and no response is changed, so that a cache may store every
    ///    page: the other options of this layer for pages have no effect. Do not put a trace into a page by
    ///    other means, such as [`TraceData`](crate::TraceData).
    ///
    /// A client that can bypass the proxy chooses the trace ids and decisions of the service.
    pub fn behind_edge(self, behind_edge: bool) -> Self {
        self.rewrite(|rewrite| rewrite.behind_edge = behind_edge)
    }

    fn rewrite(mut self, change: impl FnOnce(&mut RewriteOptions)) -> Self {
        change(Arc::make_mut(&mut self.rewrite));
        self
    }
}

impl<S> Layer<S> for RootSpanLayer {
    type Service = RootSpanService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        RootSpanService::new(inner, self.options.clone(), Arc::clone(&self.rewrite))
    }
}
