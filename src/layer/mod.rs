//! The layer that makes a root span for every request.

mod body;
mod ending;
mod future;
mod service;

use std::sync::Arc;
use std::time::Duration;

pub use body::RootSpanBody;
pub use future::RootSpanFuture;
use http::{request, response};
pub use service::RootSpanService;
use tower_layer::Layer;

use crate::options::TraceOptions;
use crate::page::{Injection, PageOptions, ReusePolicy};

/// Makes a [`RootSpan`](crate::RootSpan) for every request of an HTTP service.
///
/// It is the only layer of Sentry's that a service needs: it takes the place of `NewSentryLayer` and
/// `SentryHttpLayer`, whose order matters.
///
/// Rules:
///
/// 1. The span exists before the handler runs; the extractor, [`RootSpan::current`] and
///    [`meta_tags`](crate::meta_tags) all give out that one.
/// 2. A request runs under a hub of its own, made from the hub that is current when it comes: what it
///    does to its scope shows in no other request, and all events of the request carry its trace.
/// 3. The span ends with the response's *body*: when it has been sent, has failed or was dropped;
///    on whichever thread, once, under the request's own hub.
/// 4. Its status tells an error of the server (5xx), one of the client (4xx), a client that went away
///    (cancelled) and a panic apart. A panic passes through.
/// 5. A request that already has a root span, from an outer layer of this kind, keeps it. A span
///    that somebody else made active before is adopted: its ids and decision count, and they finish
///    it. Not so a span that is active in the whole process.
///
/// Take `SentryHttpLayer` out where this layer comes in: next to it in one `ServiceBuilder` it starts
/// its transaction too late to be adopted, and further in it starts one more. A layer that opens
/// `tracing` spans, such as `TraceLayer`, belongs further in than this one: with the SDK's layer for
/// `tracing` its span would be adopted, and that one continues no caller's trace.
///
/// What the browser tells Sentry about the sampling of the trace, the server tells it too where the
/// client was made from options that went through `instrument`.
///
/// With axum, add it with [`Router::layer`](axum::Router::layer): there the route is known, and the
/// span is called `GET /users/{id}`. Around the whole router it is not, and the span is called after
/// the URL until a handler extracts it.
///
/// ```
/// use axum::{Router, routing::get};
/// use sentry_ssr::{RootSpan, RootSpanLayer};
///
/// async fn index(span: RootSpan) -> String {
///     format!("<!doctype html><head>{}</head>", span.meta_tags())
/// }
///
/// let app: Router = Router::new().route("/", get(index)).layer(RootSpanLayer::new());
/// ```
///
/// [`RootSpan::current`]: crate::RootSpan::current
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct RootSpanLayer {
    options: Option<Arc<TraceOptions>>,
    pages: Arc<PageOptions>,
}

impl RootSpanLayer {
    /// A layer that takes its options from the Sentry client that is bound when a request comes.
    /// Without a client nothing is known of the service, and the decision is left to the browser.
    pub fn new() -> Self {
        Self::default()
    }

    /// Uses these options in place of those of the client.
    ///
    /// With a client bound, start from [`TraceOptions::of_client`] and add to it: the client decides what
    /// it sends, so both need the same rate.
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

    /// Puts the tags into every HTML page that has not printed them itself; off by default.
    ///
    /// They go behind the `<meta>` elements that open the head: see [`Scanner`](crate::inject::Scanner)
    /// for the exact place and [`Self::on_reuse`] for pages that a cache may keep. Pages that are
    /// compressed already are left alone: add compression outside of this layer, so after it.
    ///
    /// ```
    /// use axum::{Router, response::Html, routing::get};
    /// use sentry_ssr::RootSpanLayer;
    ///
    /// let app: Router = Router::new()
    ///     .route("/", get(|| async { Html("<!doctype html><title>Hello</title>") }))
    ///     .layer(RootSpanLayer::new().inject_tags());
    ///     // .layer(CompressionLayer::new())
    /// ```
    pub fn inject_tags(self) -> Self {
        self.pages(|pages| pages.injection = Injection::On)
    }

    /// Puts the tags into those HTML pages for which this holds.
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
        predicate: impl Fn(&request::Parts, &response::Parts) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.pages(|pages| pages.injection = Injection::When(Arc::new(predicate)))
    }

    /// Tells the trace of every traced page in `Server-Timing` too: see
    /// [`server_timing`](crate::server_timing). Off by default.
    pub fn server_timing(self) -> Self {
        self.pages(|pages| pages.server_timing = true)
    }

    /// What becomes of the trace of a page that a cache may hand out again, by the rules of
    /// [`reuse`](crate::reuse).
    ///
    /// The first time a route loses its tags, `tracing` tells route and reason at the level `WARN`.
    pub fn on_reuse(self, policy: ReusePolicy) -> Self {
        self.pages(|pages| pages.reuse = policy)
    }

    /// Puts a script behind injected tags that disarms them when the page is older than `max_age`
    /// or comes from the browser's own cache: see [`StaleGuard`](crate::inject::StaleGuard), which a
    /// template prints by itself. It carries the nonce of the response's `Content-Security-Policy`.
    ///
    /// A page without tags whose trace is told in `Server-Timing` gets it too, injection or not, where
    /// anything can be put into it: Back and Forward show the old header with the old page.
    pub fn stale_guard(self, max_age: Duration) -> Self {
        self.pages(|pages| pages.stale_after = Some(max_age))
    }

    fn pages(mut self, change: impl FnOnce(&mut PageOptions)) -> Self {
        change(Arc::make_mut(&mut self.pages));
        self
    }
}

impl<S> Layer<S> for RootSpanLayer {
    type Service = RootSpanService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        RootSpanService::new(inner, self.options.clone(), Arc::clone(&self.pages))
    }
}
