//! The tags of a page, and the values in them, as a browser parses them. The crate's own parsers differ.
//!
//! Source: `utils/tracing.ts` and `utils/baggage.ts` of `@sentry/core` 11.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use percent_encoding::percent_decode_str;
use scraper::Html;
use scraper::node::{Element, Node};

use super::{Finding, MetaName, Pattern, TraceValueError, compile};

/// A `<meta>` element that the SDK's `querySelector` can find.
#[derive(Clone, Debug)]
pub(super) struct Tag {
    pub(super) name: MetaName,
    /// The value of `content` with its entities decoded; empty when there is none.
    pub(super) content: String,
    pub(super) in_head: bool,
    /// A script that may already run comes before it.
    pub(super) after_script: bool,
}

/// The tags of a document, in document order.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) tags: Vec<Tag>,
    /// What was meant as a tag but is not one.
    pub(super) lookalikes: Vec<Finding>,
    after_script: bool,
    templates: usize,
}

impl Page {
    /// Parses `html` as a browser that runs scripts does; any text is a page.
    pub(super) fn parse(html: &str) -> Self {
        let document = Html::parse_document(html);
        let mut page = Self::default();
        for edge in document.tree.root().traverse() {
            match edge {
                Edge::Open(node) => page.enter(node),
                Edge::Close(node) => page.leave(node),
            }
        }
        page
    }

    /// The tag that the SDK reads: the first of its name.
    pub(super) fn read(&self, name: MetaName) -> Option<&Tag> {
        self.tags.iter().find(|tag| tag.name == name)
    }

    /// What was meant as this tag, if there is anything.
    pub(super) fn meant_as(&self, name: MetaName) -> Option<Finding> {
        self.lookalikes
            .iter()
            .find(|finding| finding.name() == Some(name))
            .cloned()
    }

    fn enter(&mut self, node: NodeRef<'_, Node>) {
        match node.value() {
            Node::Fragment => self.templates += 1,
            Node::Element(element) if element.name() == "meta" => self.meta(element, node),
            Node::Element(element) => {
                self.after_script |= self.templates == 0 && runs_at_once(element);
            }
            Node::Comment(text) => self.text(text, Finding::InComment),
            Node::Text(text) => {
                let element = parent(node).map_or("body", Element::name);
                self.text(text, |name| in_text(name, element));
            }
            _ => {}
        }
    }

    fn leave(&mut self, node: NodeRef<'_, Node>) {
        if node.value().is_fragment() {
            self.templates -= 1;
        }
    }

    fn meta(&mut self, element: &Element, node: NodeRef<'_, Node>) {
        if let Some(name) = element.attr("name").and_then(MetaName::exactly) {
            if self.templates > 0 {
                self.lookalikes.push(Finding::InTemplate(name));
            } else {
                self.tags.push(Tag {
                    name,
                    content: element.attr("content").unwrap_or_default().to_owned(),
                    in_head: node.ancestors().any(|node| is(node, "head")),
                    after_script: self.after_script,
                });
            }
        } else if let Some(name) = element.attr("property").and_then(MetaName::exactly) {
            self.lookalikes.push(Finding::Property(name));
        } else if let Some(name) = element.attr("name").and_then(MetaName::nearly) {
            self.lookalikes.push(Finding::NameCase(name));
        }
    }

    fn text(&mut self, text: &str, finding: impl Fn(MetaName) -> Finding) {
        let names = MetaName::ALL
            .into_iter()
            .filter(|name| looks_like_a_tag(text, *name));
        self.lookalikes.extend(names.map(finding));
    }
}

fn in_text(name: MetaName, element: &str) -> Finding {
    match element {
        "title" | "textarea" | "noscript" | "noframes" | "noembed" | "iframe" | "xmp" | "style"
        | "script" => Finding::InElement {
            name,
            element: element.to_owned(),
        },
        _ => Finding::Escaped(name),
    }
}

fn parent(node: NodeRef<'_, Node>) -> Option<&Element> {
    node.parent()?.value().as_element()
}

fn is(node: NodeRef<'_, Node>, name: &str) -> bool {
    node.value()
        .as_element()
        .is_some_and(|element| element.name() == name)
}

/// A script that may run before the elements after it are parsed: neither data nor deferred.
fn runs_at_once(element: &Element) -> bool {
    let has = |name| element.attr(name).is_some();
    let kind = element
        .attr("type")
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let module = kind == "module";
    let classic = kind.is_empty() || kind.contains("javascript") || kind.contains("ecmascript");
    let deferred = module || (has("defer") && has("src"));
    element.name() == "script" && (module || classic) && (has("async") || !deferred)
}

static TAG_AS_TEXT: Pattern =
    Pattern::new(|| compile(r"(?i)\bmeta\s+name=\W*(?:quot;|#34;)?(sentry-trace|baggage)\b"));

fn looks_like_a_tag(text: &str, name: MetaName) -> bool {
    TAG_AS_TEXT
        .captures_iter(text)
        .filter_map(|found| found.get(1))
        .any(|found| MetaName::nearly(found.as_str()) == Some(name))
}

/// Every part is optional; without a trace id the browser starts a new trace.
static SENTRY_TRACE: Pattern =
    Pattern::new(|| compile(r"^[ \t]*([0-9a-f]{32})?-?([0-9a-f]{16})?-?([01])?[ \t]*$"));
static UUID: Pattern =
    Pattern::new(|| compile(r"^\s*[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"));
static IDS: Pattern = Pattern::new(|| compile(r"^\s*[0-9a-f]{32}-[0-9a-f]{16}-"));

/// What the browser takes from `sentry-trace`.
#[derive(Clone, Copy, Debug)]
pub(super) struct TraceParts<'v> {
    pub(super) trace_id: &'v str,
    pub(super) span_id: Option<&'v str>,
}

impl<'v> TraceParts<'v> {
    pub(super) fn read(value: &'v str) -> Option<Self> {
        let found = SENTRY_TRACE.captures(value)?;
        Some(Self {
            trace_id: found.get(1)?.as_str(),
            span_id: found.get(2).map(|id| id.as_str()),
        })
    }
}

/// The error in a `sentry-trace` value, if there is one.
pub(super) fn error_in(value: &str) -> Option<TraceValueError> {
    match TraceParts::read(value) {
        Some(TraceParts { span_id: None, .. }) => Some(TraceValueError::NoSpan),
        Some(TraceParts {
            trace_id,
            span_id: Some(span_id),
        }) => [trace_id, span_id]
            .into_iter()
            .any(is_zero)
            .then_some(TraceValueError::Zero),
        None => Some(why_unread(value)),
    }
}

fn is_zero(id: &str) -> bool {
    id.bytes().all(|digit| digit == b'0')
}

fn why_unread(value: &str) -> TraceValueError {
    let reads = |value: &str| TraceParts::read(value).is_some();
    if value.contains('&') {
        TraceValueError::EscapedTwice
    } else if reads(value.trim()) {
        TraceValueError::LineBreak
    } else if reads(&value.to_ascii_lowercase()) {
        TraceValueError::UpperCase
    } else if UUID.is_match(value) {
        TraceValueError::Dashed
    } else if IDS.is_match(value) {
        TraceValueError::Decision
    } else {
        TraceValueError::Form
    }
}

/// One piece of a baggage value between commas.
#[derive(Debug)]
pub(super) struct Entry<'v> {
    pub(super) raw: &'v str,
    /// Key and value, decoded; `None` if the browser drops the entry.
    pub(super) pair: Option<(String, String)>,
}

impl Entry<'_> {
    pub(super) fn is_sentry(&self) -> bool {
        self.pair
            .as_ref()
            .is_some_and(|(key, _)| key.starts_with("sentry-"))
    }

    /// Whether it is meant for Sentry but dropped, or has properties that become part of its value.
    pub(super) fn is_broken(&self) -> bool {
        self.raw.starts_with("sentry-") && (self.pair.is_none() || self.raw.contains(';'))
    }
}

pub(super) fn entries(baggage: &str) -> impl Iterator<Item = Entry<'_>> {
    baggage.split(',').map(|raw| Entry {
        raw: raw.trim(),
        pair: pair(raw),
    })
}

fn pair(raw: &str) -> Option<(String, String)> {
    let (key, value) = raw.split_once('=')?;
    Some((decode(key.trim())?, decode(value.trim())?))
}

/// Decodes like `decodeURIComponent`; `None` for an empty result.
fn decode(text: &str) -> Option<String> {
    let whole = text.split('%').skip(1).all(|rest| {
        let mut digits = rest.bytes().take(2);
        digits.len() == 2 && digits.all(|digit| digit.is_ascii_hexdigit())
    });
    let text = percent_decode_str(text)
        .decode_utf8()
        .ok()
        .filter(|_| whole)?;
    (!text.is_empty()).then(|| text.into_owned())
}
