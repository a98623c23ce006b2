//! The scripts of a page: two start the browser's pageloads and navigations, one disables a trace that is too old.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{Markup, print_in_every_engine};
use crate::propagation::SentryTrace;

/// A `<script>` element that starts the pageload and names it after the route of the page.
///
/// It belongs after `Sentry.init`, which leaves the pageload to it:
///
/// ```html
/// <script>
/// Sentry.init({
///   dsn: "…",
///   integrations: [Sentry.browserTracingIntegration({ instrumentPageLoad: false })],
/// });
/// </script>
/// {{ sentry_ssr::PageloadScript::new() }}
/// ```
///
/// 1. The pageload has the name in the page's [`RouteTag`](crate::RouteTag), and the source `route`. The page's
///    web vitals and its errors have the same name.
/// 2. A prerendered page starts its pageload when it is shown, or never.
/// 3. A page that Back or Forward restores as it was has its name too.
/// 4. Without `instrumentPageLoad: false` it names the pageload that the SDK has started.
///
/// It needs the global `Sentry` of `@sentry/browser` 10 or 11.
///
/// ```
/// use sentry_ssr::PageloadScript;
///
/// let script = PageloadScript::new().nonce("r4nd0m").to_string();
/// assert!(script.starts_with("<script nonce=\"r4nd0m\">"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct PageloadScript {
    nonce: Option<Cow<'static, str>>,
}

impl PageloadScript {
    /// The script, to be sent as a file.
    pub const SOURCE: &str = include_str!("browser/route.min.js");

    /// A script without a nonce.
    pub const fn new() -> Self {
        Self { nonce: None }
    }

    /// The nonce that the page's Content Security Policy allows.
    pub fn nonce(self, nonce: impl Into<Cow<'static, str>>) -> Self {
        Self {
            nonce: Some(nonce.into()),
        }
    }
}

impl Markup for PageloadScript {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        write_script(out, self.nonce.as_deref(), Self::SOURCE)
    }
}

/// A `<script>` element that starts a trace for each navigation that htmx or Turbo makes.
///
/// It belongs after `Sentry.init`, which leaves the navigations to it:
///
/// ```html
/// <script>
/// Sentry.init({
///   dsn: "…",
///   integrations: [Sentry.browserTracingIntegration({ instrumentPageLoad: false, instrumentNavigation: false })],
/// });
/// </script>
/// {{ sentry_ssr::PageloadScript::new() }}
/// {{ sentry_ssr::NavigationScript::htmx() }}
/// ```
///
/// 1. A navigation starts before its request leaves, so that the request and the server's span belong to it.
/// 2. The response names it: [`RootSpanLayer::route_name`](crate::RootSpanLayer::route_name) sends the route in
///    the header `Sentry-Route-Name`.
/// 3. A request that does not change the page's address stays a span of the page.
///
/// It is smaller than 2 kB, depends on nothing but the global `Sentry` of `@sentry/browser` 10 or 11, and may
/// come before or after the library's script.
///
/// ```
/// use sentry_ssr::NavigationScript;
///
/// let script = NavigationScript::htmx().nonce("r4nd0m").to_string();
/// assert!(script.starts_with("<script nonce=\"r4nd0m\">"));
/// assert!(script.len() <= 2048);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct NavigationScript {
    source: &'static str,
    nonce: Option<Cow<'static, str>>,
}

impl NavigationScript {
    /// For pages with htmx 4 or 2.
    pub const fn htmx() -> Self {
        Self {
            source: include_str!("browser/navigation.htmx.min.js"),
            nonce: None,
        }
    }

    /// For pages with Turbo 8.
    pub const fn turbo() -> Self {
        Self {
            source: include_str!("browser/navigation.turbo.min.js"),
            nonce: None,
        }
    }

    /// The nonce that the page's Content Security Policy allows.
    pub fn nonce(self, nonce: impl Into<Cow<'static, str>>) -> Self {
        Self {
            nonce: Some(nonce.into()),
            ..self
        }
    }

    /// The script, to be sent as a file.
    #[must_use]
    pub const fn source(&self) -> &'static str {
        self.source
    }
}

impl Markup for NavigationScript {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        write_script(out, self.nonce.as_deref(), self.source)
    }
}

print_in_every_engine!(PageloadScript, NavigationScript, StaleGuard);

/// Writes a script of our own, which contains no `</` and no `<!`.
fn write_script<W: fmt::Write + ?Sized>(
    out: &mut W,
    nonce: Option<&str>,
    script: &str,
) -> fmt::Result {
    write_opening(out, nonce)?;
    out.write_str(script)?;
    out.write_str("</script>")
}

/// Writes the start tag of a script.
fn write_opening<W: fmt::Write + ?Sized>(out: &mut W, nonce: Option<&str>) -> fmt::Result {
    out.write_str("<script")?;
    if let Some(nonce) = nonce {
        let nonce = html_escape::encode_double_quoted_attribute(nonce);
        write!(out, " nonce=\"{nonce}\"")?;
    }
    out.write_str(">")
}

/// A `<script>` element that disables the tags of a page that a cache has kept for too long. Print it directly after
/// the tags.
///
/// Some caches are invisible to the server: the browser's own on Back and Forward, or a proxy with a lifetime
/// of its own. They replay a page with its trace, and the new page load would join the old trace. The script
/// runs before the SDK reads the tags, and removes them if
///
/// 1. the page was rendered longer ago than the maximum age, by the browser's clock; a clock that is wrong by
///    more than that, in either direction, has the same effect;
/// 2. or the browser reports that the page came from its own cache ([`deliveryType`]); in a browser that
///    does not report it, if the page was reached by Back or Forward.
///
/// Without tags the SDK reads `Server-Timing`, which is as old as the page if
///
/// 1. the page came from the browser's cache and no response was transferred ([`transferSize`]);
/// 2. or it contains the trace that the page was rendered with.
///
/// In that case the script adds a `sentry-trace` tag that no SDK accepts, and the page load starts a new
/// trace. A `Server-Timing` that is newer than the page, as on a `304`, stays in use.
///
/// If in doubt, the script removes the trace. It cannot detect a proxy that serves a page to several visitors within
/// the maximum age, or a proxy that itself answers `304` with a stored `Server-Timing`. The maximum age should be
/// longer than the slowest page takes from its first byte to its last; a minute is a good value.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use sentry_ssr::StaleGuard;
///
/// # use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
/// # let span = RootSpan::start(&TraceOptions::new(), None, &TransactionName::route("GET", "/"));
/// let guard = StaleGuard::new(Duration::from_secs(60), SystemTime::now())
///     .trace(span.sentry_trace())
///     .nonce("r4nd0m");
/// assert!(guard.to_string().starts_with("<script nonce=\"r4nd0m\">"));
/// ```
///
/// [`deliveryType`]: https://www.w3.org/TR/resource-timing/#dom-performanceresourcetiming-deliverytype
/// [`transferSize`]: https://www.w3.org/TR/resource-timing/#dom-performanceresourcetiming-transfersize
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct StaleGuard {
    max_age: Duration,
    rendered: SystemTime,
    nonce: Option<Cow<'static, str>>,
    trace: Option<SentryTrace>,
}

impl StaleGuard {
    /// A guard for a page that is rendered at `rendered` and whose tags are valid for `max_age`.
    pub fn new(max_age: Duration, rendered: SystemTime) -> Self {
        Self {
            max_age,
            rendered,
            nonce: None,
            trace: None,
        }
    }

    /// The nonce that the page's Content Security Policy allows.
    pub fn nonce(mut self, nonce: impl Into<Cow<'static, str>>) -> Self {
        self.nonce = Some(nonce.into());
        self
    }

    /// The trace that the page is rendered with. Set it in a template: the layer removes the tags from a page whose
    /// trace is in `Server-Timing`, and the script then has no other way to know the trace.
    pub fn trace(mut self, trace: SentryTrace) -> Self {
        self.trace = Some(trace);
        self
    }
}

impl Markup for StaleGuard {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        write_opening(out, self.nonce.as_deref())?;
        let rendered = self.rendered.duration_since(UNIX_EPOCH).unwrap_or_default();
        let (rendered, max_age) = (rendered.as_millis(), self.max_age.as_millis());
        write!(out, "{SCRIPT}({rendered},{max_age}")?;
        if let Some(trace) = &self.trace {
            write!(out, ",'{trace}'")?;
        }
        out.write_str(")</script>")
    }
}

/// A function that takes the time of rendering and the maximum age in milliseconds, and the trace if the
/// page has no tag. It contains no `<` and no `&`, so that it needs no escaping.
const SCRIPT: &str = concat!(
    "(function(rendered,maxAge,trace){",
    "var page=performance.getEntriesByType('navigation')[0]||{},how=page.deliveryType,",
    "cached=how==null?page.type=='back_forward':how=='cache',",
    "told=(page.serverTiming||[]).map(function(it){return it.description}),",
    "stale=told.includes(trace)||(cached?!page.transferSize:false);",
    "if(cached||Math.abs(Date.now()-rendered)>maxAge){",
    "document.querySelectorAll('meta[name=sentry-trace],meta[name=baggage]').forEach(function(tag){",
    "stale=stale||told.includes(tag.content);tag.remove()});",
    "if(stale){var tag=document.createElement('meta');",
    "tag.name='sentry-trace';tag.content='stale';document.head.prepend(tag)}",
    "}})",
);
