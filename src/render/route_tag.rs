//! The `<meta>` tag that tells a page its route.

use std::fmt;
use std::sync::Arc;

use super::Markup;
use super::engines::print_in_every_engine;
use super::meta_tags::write_tag;
use crate::values::TraceValues;

/// The `<meta>` tag with the route that the browser names the pageload after.
///
/// Since version 11 the browser's SDK names every pageload `Pageload` unless the page names it. A
/// [`PageloadScript`](crate::PageloadScript) reads the tag and does so.
///
/// Rules:
///
/// 1. The content is the pattern that the request matched, without the method, or the name that
///    [`RootSpan::set_name`](crate::RootSpan::set_name) has set. A path is never shown: without a route, nothing
///    is printed.
/// 2. It is encoded as JavaScript's `encodeURIComponent` does it, and escaped for the attribute as well.
/// 3. It is the same for every visitor. It stays in a page that a cache may keep, which loses its trace.
///
/// [`RootSpanLayer::route_name`](crate::RootSpanLayer::route_name) prints it with the tags of the trace.
///
/// ```
/// use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
///
/// let name = TransactionName::route("GET", "/users/{id}");
/// let span = RootSpan::start(&TraceOptions::new(), None, &name);
/// assert_eq!(
///     span.route_tag().to_string(),
///     r#"<meta name="sentry-route-name" content="%2Fusers%2F%7Bid%7D">"#
/// );
/// ```
///
/// Source: the name and the encoding are those of the [Astro SDK](https://docs.sentry.io/platforms/javascript/guides/astro/).
#[derive(Clone)]
#[must_use]
pub struct RouteTag {
    /// `None` outside a request.
    values: Option<Arc<TraceValues>>,
}

impl RouteTag {
    pub(crate) const fn new(values: Option<Arc<TraceValues>>) -> Self {
        Self { values }
    }
}

impl Markup for RouteTag {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        match &self.values {
            Some(values) => write_route_tag(values, out),
            None => Ok(()),
        }
    }
}

pub(super) fn write_route_tag<W: fmt::Write + ?Sized>(
    values: &TraceValues,
    out: &mut W,
) -> fmt::Result {
    values.note_route_rendered();
    values.with_route(|route| match route {
        Some(route) => write_tag(out, r#"<meta name="sentry-route-name" content=""#, &route),
        None => Ok(()),
    })
}

print_in_every_engine!(RouteTag);

impl fmt::Debug for RouteTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RouteTag").finish_non_exhaustive()
    }
}
