use std::fmt;

use html_escape::encode_double_quoted_attribute;
use serde::ser::{Serialize, Serializer};

use crate::span::RootSpan;
use crate::text::WriteTo;

/// The `<meta>` tags that tell the browser's SDK which trace to continue.
///
/// Rules:
///
/// 1. `sentry-trace` always comes first; a value that is empty has no tag;
/// 2. there is no white space between the tags, nor before or behind them: a text node there can
///    break the hydration of the page;
/// 3. values are percent-encoded already, and are escaped for the attribute all the same;
/// 4. they belong into `<head>`, before every script and behind `<meta charset>`.
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
#[derive(Debug, Clone)]
#[must_use]
pub struct MetaTags {
    /// `None` outside of a request.
    span: Option<RootSpan>,
}

impl MetaTags {
    pub(crate) const fn new(span: Option<RootSpan>) -> Self {
        Self { span }
    }
}

impl fmt::Display for MetaTags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

impl MetaTags {
    pub(crate) fn write_to(&self, out: &mut (impl fmt::Write + ?Sized)) -> fmt::Result {
        let Some(span) = &self.span else {
            return Ok(());
        };
        span.note_printed_tags();
        write_tag(
            out,
            r#"<meta name="sentry-trace" content=""#,
            &span.sentry_trace(),
        )?;
        let baggage = span.baggage();
        if !baggage.is_empty() {
            write_tag(out, r#"<meta name="baggage" content=""#, baggage)?;
        }
        if let Some(traceparent) = span.traceparent() {
            write_tag(out, r#"<meta name="traceparent" content=""#, &traceparent)?;
        }
        Ok(())
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

/// Escapes what is written into an attribute in double quotes.
struct Attribute<'a, W: ?Sized>(&'a mut W);

impl<W: fmt::Write + ?Sized> fmt::Write for Attribute<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Hardly ever anything is, so it is worth while to ask first.
        if has_special(text.as_bytes()) {
            self.0.write_str(&encode_double_quoted_attribute(text))
        } else {
            self.0.write_str(text)
        }
    }
}

/// Whether there is anything to escape, found out for many bytes at a time: the last ones are looked
/// at together with some that were seen before.
fn has_special(text: &[u8]) -> bool {
    let is_special = |byte: u8| matches!(byte, b'"' | b'&' | b'<' | b'>');
    let is_any = |bytes: &[u8]| bytes.iter().fold(false, |any, it| any | is_special(*it));
    match text.last_chunk::<16>() {
        Some(last) => is_any(text.as_chunks::<16>().0.as_flattened()) || is_any(last),
        None => is_any(text),
    }
}

impl Serialize for MetaTags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
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
