//! The `<meta>` tags of a page: how their values are escaped, and in which order they come.

use std::fmt;
use std::sync::Arc;

use html_escape::encode_double_quoted_attribute;

use super::{Markup, print_in_every_engine};
use crate::text::WriteTo;
use crate::values::TraceValues;

/// The `<meta>` tags from which the browser SDK continues the trace.
///
/// Rules:
///
/// 1. `sentry-trace` comes first, then `baggage` unless it is empty, then `traceparent` if
///    [`propagate_traceparent`](crate::TraceOptions::propagate_traceparent) is on.
/// 2. There is no white space between the tags, or around them: a text node in `<head>` can break the
///    hydration of the page.
/// 3. Values are percent-encoded, and escaped for the attribute as well.
/// 4. The tags belong in `<head>`, after `<meta charset>` and before every script.
/// 5. The [`RouteTag`](crate::RouteTag) follows them if
///    [`RootSpanLayer::route_name`](crate::RootSpanLayer::route_name) asks for it.
///
/// ```
/// use sentry_ssr::{IncomingTrace, RootSpan, TraceOptions, TransactionName};
///
/// let incoming = IncomingTrace::parse(
///     ["771a43a4192642f0b136d5159a501700-b7ad6b7169203331-1"],
///     ["sentry-release=app%401.0,sentry-sample_rand=0.25"],
/// );
/// let span = RootSpan::start(&TraceOptions::new(), incoming, &TransactionName::route("GET", "/"));
/// assert_eq!(
///     span.meta_tags().to_string(),
///     format!(
///         r#"<meta name="sentry-trace" content="771a43a4192642f0b136d5159a501700-{}-1">"#,
///         span.span_id(),
///     ) + r#"<meta name="baggage" content="sentry-release=app%401.0,sentry-sample_rand=0.25">"#
/// );
/// ```
///
/// Source: <https://docs.sentry.io/platforms/javascript/tracing/distributed-tracing/custom-instrumentation/>
#[derive(Clone)]
#[must_use]
pub struct MetaTags {
    /// `None` outside a request.
    values: Option<Arc<TraceValues>>,
    has_route: bool,
}

impl MetaTags {
    /// The tags with these values, which this freezes.
    pub(crate) fn new(values: Option<Arc<TraceValues>>) -> Self {
        if let Some(values) = &values {
            let _frozen = values.dynamic_sampling_context();
        }
        let has_route = values.as_ref().is_some_and(|values| values.shows_route());
        Self { values, has_route }
    }
}

impl Markup for MetaTags {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        let Some(values) = &self.values else {
            return Ok(());
        };
        if values.allows_tags() && !values.exposure().are_tags_withheld() {
            values.exposure().note_tags();
            write_tags(values, out)?;
        }
        if self.has_route {
            write_route_tag(values, out)?;
        }
        Ok(())
    }
}

/// The tags of the trace, as a template prints them.
pub(crate) fn rendered_tags(values: &TraceValues) -> String {
    let mut tags = String::new();
    let _infallible = write_tags(values, &mut tags);
    tags
}

fn write_tags(values: &TraceValues, out: &mut (impl fmt::Write + ?Sized)) -> fmt::Result {
    let trace = values.sentry_trace();
    write_tag(out, r#"<meta name="sentry-trace" content=""#, &trace)?;
    let baggage = values.baggage();
    if !baggage.is_empty() {
        write_tag(out, r#"<meta name="baggage" content=""#, baggage)?;
    }
    if let Some(traceparent) = values.traceparent() {
        write_tag(out, r#"<meta name="traceparent" content=""#, &traceparent)?;
    }
    Ok(())
}

print_in_every_engine!(MetaTags, RouteTag);

impl fmt::Debug for MetaTags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let trace = self.values.as_ref().map(|values| values.sentry_trace());
        f.debug_struct("MetaTags")
            .field("sentry_trace", &trace)
            .finish_non_exhaustive()
    }
}

/// The `<meta>` tag with the route that the browser names the pageload after.
///
/// Since version 11 the browser SDK names every pageload `Pageload` unless the page names it. A
/// [`PageloadScript`](crate::PageloadScript) reads the tag and does so.
///
/// Rules:
///
/// 1. The content is the pattern that the request matched, without the method, or the name that
///    [`RootSpan::set_name`](crate::RootSpan::set_name) has set. A path is never shown: without a route, nothing
///    is printed.
/// 2. It is encoded as JavaScript's `encodeURIComponent` does it, and escaped for the attribute as well.
/// 3. It is the same for every visitor, so a page that a cache may keep loses its trace but keeps this tag.
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

fn write_route_tag<W: fmt::Write + ?Sized>(values: &TraceValues, out: &mut W) -> fmt::Result {
    values.note_route_rendered();
    values.with_route(|route| match route {
        Some(route) => write_tag(out, r#"<meta name="sentry-route-name" content=""#, &route),
        None => Ok(()),
    })
}

impl fmt::Debug for RouteTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RouteTag").finish_non_exhaustive()
    }
}

fn write_tag(
    out: &mut (impl fmt::Write + ?Sized),
    open: &str,
    content: &(impl WriteTo + ?Sized),
) -> fmt::Result {
    out.write_str(open)?;
    content.write_to(&mut Attribute(out))?;
    out.write_str("\">")
}

/// Escapes what is written for an attribute in double quotes.
struct Attribute<'a, W: ?Sized>(&'a mut W);

impl<W: fmt::Write + ?Sized> fmt::Write for Attribute<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Values hardly ever need escaping, and asking is cheaper than escaping.
        if has_special(text.as_bytes()) {
            self.0.write_str(&encode_double_quoted_attribute(text))
        } else {
            self.0.write_str(text)
        }
    }
}

/// Looks at every byte: the compiler makes that faster than stopping at the first special one.
fn has_special(text: &[u8]) -> bool {
    let is_special = |byte: &u8| matches!(byte, b'"' | b'&' | b'<' | b'>');
    text.iter().fold(false, |any, byte| any | is_special(byte))
}

#[cfg(test)]
mod tests {
    use super::{has_special, write_tag};

    #[test]
    fn content_is_escaped_even_if_it_were_not_encoded() {
        let mut tag = String::new();
        write_tag(&mut tag, r#"<meta content=""#, r#"a="><script>&'"#).unwrap();
        assert_eq!(tag, r#"<meta content="a=&quot;&gt;&lt;script&gt;&amp;'">"#);
    }

    #[test]
    fn what_needs_escaping_is_found_wherever_it_stands() {
        for len in 1..50 {
            let mut text = vec![b'a'; len];
            assert!(!has_special(&text));
            for (at, special) in (0..len).zip(br#"<>"&"#.iter().cycle()) {
                text[at] = *special;
                assert!(has_special(&text), "{at} of {len}");
                text[at] = b'=';
            }
        }
    }
}
