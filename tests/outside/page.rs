//! A page of a tower service that has no framework, and a visit of it.

use std::convert::Infallible;
use std::future::{Ready, poll_fn, ready};
use std::pin::pin;
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body;
use sentry_ssr::{RootSpan, RootSpanLayer};
use tower_layer::Layer;
use tower_service::Service;

pub const TRACE: &str = "771a43a4192642f0b136d5159a501700";

#[derive(Clone)]
struct Page;

impl Service<Request<()>> for Page {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Response<String>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        let tags = RootSpan::current().unwrap().meta_tags();
        let page = Response::builder().header("content-type", "text/html");
        ready(Ok(page.body(format!("<head>{tags}</head>")).unwrap()))
    }
}

async fn read(body: impl Body<Data: AsRef<[u8]>, Error: std::fmt::Debug>) -> String {
    let mut body = pin!(body);
    let mut page = Vec::new();
    while let Some(frame) = poll_fn(|context| body.as_mut().poll_frame(context)).await {
        if let Ok(data) = frame.unwrap().into_data() {
            page.extend_from_slice(data.as_ref());
        }
    }
    String::from_utf8(page).unwrap()
}

/// Visits the page with a trace, and asserts that the page passes it on.
pub fn visit() {
    let page = pollster::block_on(async {
        let mut service = RootSpanLayer::new().layer(Page);
        let request = Request::builder()
            .header("sentry-trace", format!("{TRACE}-b7ad6b7169203331-1"))
            .header("baggage", "sentry-release=app%401.0,sentry-sample_rate=1")
            .header("referer", "https://shop.test/?secret")
            .body(())
            .unwrap();
        read(service.call(request).await.unwrap().into_body()).await
    });
    assert!(page.contains(&format!(r#"content="{TRACE}-"#)), "{page}");
    assert!(page.contains("sentry-release=app%401.0"), "{page}");
}
