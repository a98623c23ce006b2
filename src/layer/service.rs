use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body;
use tower_service::Service;

use super::ending::Ending;
use super::{RootSpanBody, RootSpanFuture};
use crate::options::TraceOptions;
use crate::page::{PageOptions, Visit};
use crate::request::HttpRequest;
use crate::span::RootSpan;

/// The service that [`RootSpanLayer`](super::RootSpanLayer) makes of another one.
#[derive(Debug, Clone)]
pub struct RootSpanService<S> {
    inner: S,
    options: Option<Arc<TraceOptions>>,
    pages: Arc<PageOptions>,
}

impl<S> RootSpanService<S> {
    pub(super) const fn new(
        inner: S,
        options: Option<Arc<TraceOptions>>,
        pages: Arc<PageOptions>,
    ) -> Self {
        Self {
            inner,
            options,
            pages,
        }
    }

    /// The span of this request; `None` where an outer layer looks after it.
    fn begin<B>(&self, request: &mut Request<B>) -> Option<RootSpan> {
        if request.extensions().get::<RootSpan>().is_some() {
            return None;
        }
        let span = HttpRequest::of(request).start_span(self.options.as_deref());
        request.extensions_mut().insert(span.clone());
        Some(span)
    }
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for RootSpanService<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    ResBody: Body,
{
    type Response = Response<RootSpanBody<ResBody>>;
    type Error = S::Error;
    type Future = RootSpanFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<ReqBody>) -> Self::Future {
        let is_head = request.method() == http::Method::HEAD;
        match self.begin(&mut request) {
            Some(span) => {
                let ending = Ending::new(span.clone(), is_head);
                let pages = Arc::clone(&self.pages);
                let visit = Visit::new(pages, span.clone(), &request);
                let future = span.in_scope(|| self.inner.call(request));
                RootSpanFuture::new(future, Some(ending), Some(visit))
            }
            None => RootSpanFuture::new(self.inner.call(request), None, None),
        }
    }
}
