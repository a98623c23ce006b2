//! Without axum no router sets a route.

use std::convert::Infallible;

use http::Extensions;

/// A route pattern that outlives the request.
#[derive(Debug)]
pub(super) struct KeptRoute(Infallible);

impl KeptRoute {
    pub(super) const fn as_str(&self) -> &str {
        match self.0 {}
    }
}

pub(super) const fn route(_: &Extensions) -> Option<&str> {
    None
}

pub(super) const fn kept_route(_: &Extensions) -> Option<KeptRoute> {
    None
}
