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
        span: Option<RootSpan>,
        hub: TaskHub,
    }

    impl<T> PinnedDrop for Scoped<T> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.inner.is_some() {
                RootSpan::run_under_in_drop(this.span, this.hub, || this.inner.set(None));
            }
        }
    }
}

impl<T> Scoped<T> {
    /// Without a span and a hub it runs unchanged.
    pub(crate) const fn new(inner: T, span: Option<RootSpan>, hub: TaskHub) -> Self {
        Self {
            inner: Some(inner),
            span,
            hub,
        }
    }

    /// Runs outside a request.
    pub(crate) const fn unscoped(inner: T) -> Self {
        Self::new(inner, None, TaskHub::NONE)
    }

    pub(crate) const fn get_ref(&self) -> Option<&T> {
        self.inner.as_ref()
    }

    pub(crate) fn run<R>(self: Pin<&mut Self>, f: impl FnOnce(Pin<&mut T>) -> R) -> Option<R> {
        let this = self.project();
        let inner = this.inner.as_pin_mut()?;
        Some(RootSpan::run_under(this.span, this.hub, || f(inner)))
    }
}

impl<F: Future> Future for Scoped<F> {
    type Output = F::Output;

    /// A finished future is dropped at once, while its request is still current.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let poll = || {
            let polled = this.inner.as_mut().as_pin_mut()?.poll(cx);
            if polled.is_ready() {
                this.inner.set(None);
            }
            Some(polled)
        };
        RootSpan::run_under(this.span, this.hub, poll).unwrap_or(Poll::Pending)
    }
}
