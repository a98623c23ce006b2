//! The least that a layer like ours can cost: a handle in the extensions of the request, and a body
//! that sees the end of the response. With the SDK, one transaction on a hub of the request's own.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::Error;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use pin_project_lite::pin_project;
use sentry::{Hub, Transaction, TransactionContext};
use tower::{Layer, Service};

/// As large as a span with its values.
#[derive(Clone)]
struct Handle(#[expect(dead_code, reason = "only its size counts")] Arc<[u8; 256]>);

#[derive(Clone, Default)]
pub(crate) struct Least {
    has_transaction: bool,
}

#[derive(Clone)]
pub(crate) struct LeastService<S> {
    inner: S,
    layer: Least,
}

/// What ends with the response.
struct Span {
    _handle: Handle,
    transaction: Option<(Arc<Hub>, Transaction)>,
}

pin_project! {
    pub(crate) struct LeastFuture<F> {
        #[pin]
        inner: F,
        span: Option<Span>,
    }
}

pin_project! {
    struct LeastBody {
        #[pin]
        inner: Body,
        span: Option<Span>,
    }
}

impl Least {
    pub(crate) const fn with_transaction() -> Self {
        Self {
            has_transaction: true,
        }
    }
}

impl<S> Layer<S> for Least {
    type Service = LeastService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        LeastService {
            inner,
            layer: self.clone(),
        }
    }
}

impl<S: Service<Request, Response = Response>> Service<Request> for LeastService<S> {
    type Response = Response;
    type Error = S::Error;
    type Future = LeastFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let handle = Handle(Arc::new([0; 256]));
        let span = Span {
            _handle: handle.clone(),
            transaction: self.layer.has_transaction.then(start),
        };
        request.extensions_mut().insert(handle);
        LeastFuture {
            inner: span.run(|| self.inner.call(request)),
            span: Some(span),
        }
    }
}

fn start() -> (Arc<Hub>, Transaction) {
    let hub = Arc::new(Hub::new_from_top(Hub::current()));
    let (trace_id, span_id) = ([1; 16].into(), [1; 8].into());
    let context = TransactionContext::new_with_details(
        "GET /users/{id}",
        "http.server",
        trace_id,
        Some(span_id),
        None,
    );
    let transaction = hub.start_transaction(context);
    hub.configure_scope(|scope| scope.set_span(Some(transaction.clone().into())));
    (hub, transaction)
}

impl Span {
    fn run<R>(&self, f: impl FnOnce() -> R) -> R {
        match &self.transaction {
            Some((hub, _)) => Hub::run(Arc::clone(hub), f),
            None => f(),
        }
    }

    fn finish(self) {
        if let Some((hub, transaction)) = self.transaction {
            Hub::run(hub, || transaction.finish());
        }
    }
}

impl<F, E> Future for LeastFuture<F>
where
    F: Future<Output = Result<Response, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let poll = || this.inner.poll(cx);
        let result = ready!(match this.span {
            Some(span) => span.run(poll),
            None => poll(),
        });
        let span = this.span.take();
        Poll::Ready(
            result.map(|response| response.map(|inner| Body::new(LeastBody { inner, span }))),
        )
    }
}

impl http_body::Body for LeastBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let mut this = self.project();
        let mut poll = || this.inner.as_mut().poll_frame(cx);
        let polled = match this.span {
            Some(span) => span.run(poll),
            None => poll(),
        };
        if let Some(span) = this.span.take_if(|_| this.inner.is_end_stream()) {
            span.finish();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
