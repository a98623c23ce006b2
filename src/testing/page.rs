//! The tags of a page as a browser's parser finds them.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::Html;
use scraper::node::{Element, Node};

use super::{Finding, MetaName, Pattern, compile};

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
