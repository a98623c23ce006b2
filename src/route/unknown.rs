use http::Extensions;

pub(crate) fn matched_route(_: &Extensions) -> Option<&str> {
    None
}
