//! Without axum no router sets a route.

use http::Extensions;

use crate::route::KeptRoute;

pub(super) const fn route(_: &Extensions) -> Option<&str> {
    None
}

pub(super) const fn kept_route(_: &Extensions) -> Option<KeptRoute> {
    None
}
