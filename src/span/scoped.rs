use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::RootSpan;
use crate::sdk::TaskHub;

pin_project! {
    /// Something that runs, and is dropped, as part of a span's request.
    #[derive(Debug)]
    pub(crate) struct Scoped<T> {
        // `None` once it is done, and while it is being dropped.
        #[pin]
        inner: Option<T>,
        span: Option<(RootSpan, TaskHub)>,
    }

    impl<T> PinnedDrop for Scoped<T> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            match this.span.take().filter(|_| this.inner.is_some()) {
                Some((span, hub)) => span.run_under_in_drop(&hub, || this.inner.set(None)),
                None => this.inner.set(None),
            }
        }
    }
}

impl<T> Scoped<T> {
    /// Without a span it runs unchanged.
    pub(crate) const fn new(inner: T, span: Option<(RootSpan, TaskHub)>) -> Self {
        Self {
            inner: Some(inner),
            span,
        }
    }

    pub(crate) const fn get_ref(&self) -> Option<&T> {
        self.inner.as_ref()
    }

    pub(crate) fn run<R>(self: Pin<&mut Self>, f: impl FnOnce(Pin<&mut T>) -> R) -> Option<R> {
        let this = self.project();
        let inner = this.inner.as_pin_mut()?;
        Some(match this.span {
            Some((span, hub)) => span.run_under(hub, || f(inner)),
            None => f(inner),
        })
    }
}

impl<F: Future> Future for Scoped<F> {
    type Output = F::Output;

    /// A finished future is dropped at once, while its request is still current.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let mut poll = || {
            let polled = this.inner.as_mut().as_pin_mut()?.poll(cx);
            if polled.is_ready() {
                this.inner.set(None);
            }
            Some(polled)
        };
        let polled = match this.span {
            Some((span, hub)) => span.run_under(hub, poll),
            None => poll(),
        };
        polled.unwrap_or(Poll::Pending)
    }
}
