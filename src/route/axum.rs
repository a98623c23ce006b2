use axum::extract::MatchedPath;
pub(crate) use axum::extract::MatchedPath as MatchedRoute;
use http::Extensions;

pub(crate) fn matched_route(extensions: &Extensions) -> Option<&str> {
    extensions.get::<MatchedPath>().map(MatchedPath::as_str)
}

/// The same, to be kept beyond the request.
pub(crate) fn kept_route(extensions: &Extensions) -> Option<MatchedRoute> {
    extensions.get().cloned()
}
