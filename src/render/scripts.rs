//! The scripts that start the pageloads and navigations of the browser's SDK.

use std::borrow::Cow;
use std::fmt;

use super::Markup;
use super::engines::print_in_every_engine;

/// A `<script>` element that starts the pageload and names it after the route of the page.
///
/// Print it after `Sentry.init`, whose options leave the pageload to it:
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
/// 4. Without `instrumentPageLoad: false` it names the pageload that the SDK has already started.
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
/// Print it after `Sentry.init`, whose options leave the navigations to it:
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
/// It is smaller than 2 kB, needs only the global `Sentry` of `@sentry/browser` 10 or 11, and works before or after
/// the script of the library.
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

print_in_every_engine!(PageloadScript, NavigationScript);

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
pub(super) fn write_opening<W: fmt::Write + ?Sized>(
    out: &mut W,
    nonce: Option<&str>,
) -> fmt::Result {
    out.write_str("<script")?;
    if let Some(nonce) = nonce {
        let nonce = html_escape::encode_double_quoted_attribute(nonce);
        write!(out, " nonce=\"{nonce}\"")?;
    }
    out.write_str(">")
}

#[cfg(test)]
mod tests {
    use super::{NavigationScript, PageloadScript};

    #[test]
    fn nothing_in_a_script_ends_its_element() {
        let sources = [
            PageloadScript::SOURCE,
            NavigationScript::htmx().source(),
            NavigationScript::turbo().source(),
        ];
        for source in sources {
            assert!(!source.contains("</") && !source.contains("<!"));
            assert!(source.is_ascii());
        }
    }

    #[test]
    fn a_script_with_a_nonce_has_at_most_two_kilobytes() {
        let nonce = "0123456789abcdef0123456789abcdef";
        let scripts = [
            PageloadScript::new().nonce(nonce).to_string(),
            NavigationScript::htmx().nonce(nonce).to_string(),
            NavigationScript::turbo().nonce(nonce).to_string(),
        ];
        for script in scripts {
            assert!(script.len() <= 2048, "{}", script.len());
        }
    }

    #[test]
    fn a_nonce_is_escaped() {
        let script = NavigationScript::htmx().nonce("\"><b>").to_string();
        assert!(script.starts_with("<script nonce=\"&quot;&gt;&lt;b&gt;\">("));
    }
}
