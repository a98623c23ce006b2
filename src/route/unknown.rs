use http::Extensions;

pub(crate) fn matched_route(_: &Extensions) -> Option<&str> {
    None
}

/// A route that no router tells: there is none.
#[derive(Debug)]
pub(crate) enum MatchedRoute {}

impl MatchedRoute {
    pub(crate) fn as_str(&self) -> &str {
        match *self {}
    }
}

pub(crate) fn kept_route(_: &Extensions) -> Option<MatchedRoute> {
    None
}
