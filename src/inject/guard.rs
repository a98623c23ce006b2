//! A script that disarms the tags of a page which some cache has kept too long.
//!
//! Caches that the server cannot see (the browser's own on Back and Forward, a proxy with a lifetime
//! of its own) hand a page out again as it was, trace included, and the new page load would join the
//! old trace. The script stands behind the tags, or in their place where the trace is told in
//! `Server-Timing`, and runs before the SDK reads either. It removes both tags when
//!
//! 1. the page was rendered longer ago than the given time, by the browser's clock; a clock that is
//!    off by more than this in either direction counts as too long;
//! 2. or the browser says that the page came from its own cache ([`deliveryType`]); a browser that
//!    does not tell, when the page was reached by Back or Forward.
//!
//! Without tags the SDK falls back to `Server-Timing`, which is as old as the page when
//!
//! 1. the page came from the browser's cache without a word from the server ([`transferSize`]);
//! 2. or it carries the very trace that the page was rendered with.
//!
//! Then a `sentry-trace` tag that no SDK accepts opens the head, and the page load starts a trace of
//! its own. A `Server-Timing` that is newer than the page, as on a `304`, is left to be read.
//!
//! In doubt the page loses its trace. Not noticed are only a proxy that hands a page to several visitors
//! while it is younger than the given time, and one that answers `304` in the server's place with a
//! `Server-Timing` that it has kept. The time should be longer than the slowest page takes from its
//! first byte to its last; a minute is a good value.
//!
//! ```
//! use std::time::{Duration, SystemTime};
//! use sentry_ssr::inject::StaleGuard;
//!
//! # use sentry_ssr::{RootSpan, TraceOptions, TransactionName};
//! # let span = RootSpan::start(&TraceOptions::new(), None, &TransactionName::route("GET", "/"));
//! let guard = StaleGuard::new(Duration::from_secs(60), SystemTime::now())
//!     .trace(span.sentry_trace())
//!     .nonce("r4nd0m");
//! assert!(guard.to_string().starts_with("<script nonce=\"r4nd0m\">"));
//! ```
//!
//! [`deliveryType`]: https://www.w3.org/TR/resource-timing/#dom-performanceresourcetiming-deliverytype
//! [`transferSize`]: https://www.w3.org/TR/resource-timing/#dom-performanceresourcetiming-transfersize

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::header::SentryTrace;

/// The `<script>` element; print it right behind the tags.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct StaleGuard {
    max_age: Duration,
    rendered: SystemTime,
    nonce: Option<Cow<'static, str>>,
    trace: Option<SentryTrace>,
}

impl StaleGuard {
    /// A guard for a page rendered at `rendered`, whose tags may be read for `max_age` from then on.
    pub fn new(max_age: Duration, rendered: SystemTime) -> Self {
        Self {
            max_age,
            rendered,
            nonce: None,
            trace: None,
        }
    }

    /// The nonce by which the page's Content Security Policy knows its own scripts.
    pub fn nonce(mut self, nonce: impl Into<Cow<'static, str>>) -> Self {
        self.nonce = Some(nonce.into());
        self
    }

    /// The trace that the page was rendered with. A template says it, because its tags are taken out of
    /// a page whose trace is told in `Server-Timing`.
    pub fn trace(mut self, trace: SentryTrace) -> Self {
        self.trace = Some(trace);
        self
    }
}

impl fmt::Display for StaleGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<script")?;
        if let Some(nonce) = &self.nonce {
            let nonce = html_escape::encode_double_quoted_attribute(nonce);
            write!(f, " nonce=\"{nonce}\"")?;
        }
        let rendered = self.rendered.duration_since(UNIX_EPOCH).unwrap_or_default();
        let (rendered, max_age) = (rendered.as_millis(), self.max_age.as_millis());
        write!(f, ">{SCRIPT}({rendered},{max_age}")?;
        if let Some(trace) = &self.trace {
            write!(f, ",'{trace}'")?;
        }
        f.write_str(")</script>")
    }
}

/// Takes the time of rendering and the longest age, both in milliseconds, and the trace where no tag tells
/// it. Without `<` and `&`, so that it means the same in HTML and XHTML.
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
