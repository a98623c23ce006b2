//! Requests, and what an app answers.

use std::fmt::Debug;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, Response};
use http_body_util::BodyExt;
use tower::{Service, ServiceExt};

pub(crate) fn get(path: &str) -> Request<Body> {
    get_with(path, &[])
}

pub(crate) fn get_with(path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

/// Sends a request and reads the response to its end.
pub(crate) async fn send<S, B>(app: S, request: Request<Body>) -> Response<Bytes>
where
    S: Service<Request<Body>, Response = Response<B>, Error: Debug>,
    B: HttpBody<Error: Debug>,
{
    let (parts, body) = app.oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Response::from_parts(parts, body)
}
