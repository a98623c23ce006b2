//! For generated pages in generated pieces: nothing but the tags changes, and the browser's parser
//! finds them where they belong.

use super::frames::{Frames, collect, text};
use bytes::Bytes;
use ego_tree::NodeRef;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use scraper::{Html, Node};
use sentry_ssr::RootSpanBody;

pub(crate) const TAGS: &str =
    r#"<meta name="sentry-trace" content="t"><meta name="baggage" content="b">"#;

/// A page cut into frames of these lengths, over and over.
fn cut(page: &str, lengths: &[usize]) -> Frames {
    let mut rest = Bytes::copy_from_slice(page.as_bytes());
    let mut lengths = lengths.iter().cycle();
    let mut frames = Vec::new();
    while !rest.is_empty() {
        let length = lengths.next().map_or(rest.len(), |it| *it.min(&rest.len()));
        frames.push(rest.split_to(length));
    }
    Frames::of(frames)
}

pub(crate) fn put_in(page: &str, lengths: &[usize]) -> String {
    let tags = Bytes::from_static(TAGS.as_bytes());
    text(&collect(RootSpanBody::inserting(cut(page, lengths), tags)))
}

pub(crate) fn take_out(page: &str, tags: &'static str, lengths: &[usize]) -> String {
    let tags = Bytes::from_static(tags.as_bytes());
    text(&collect(RootSpanBody::removing(cut(page, lengths), tags)))
}

/// The page as the browser understands it: one line an element or text, with its depth.
pub(crate) fn outline(page: &str) -> Vec<(usize, String)> {
    let tree = Html::parse_document(page).tree;
    let depth = |node: NodeRef<'_, Node>| node.ancestors().count();
    let nodes = tree.root().descendants();
    nodes
        .map(|node| (depth(node), line(node.value())))
        .collect()
}

fn line(node: &Node) -> String {
    match node {
        Node::Element(element) => {
            let attrs = element
                .attrs()
                .map(|(name, value)| format!(" {name}={value}"));
            format!("<{}{}>", element.name(), attrs.collect::<String>())
        }
        Node::Text(text) => text.to_string(),
        Node::Comment(comment) => format!("<!--{}-->", &**comment),
        Node::Doctype(doctype) => format!("<!doctype {}>", doctype.name()),
        _ => String::new(),
    }
}

/// Whether both tags are children of the head, side by side, before any script; and the page without
/// them means what it meant before.
pub(crate) fn is_well_placed(page: &str, traced: &str) -> bool {
    let mut lines = outline(traced);
    let position = |is: &dyn Fn(&str) -> bool| lines.iter().position(|(_, line)| is(line));
    let first = position(&|line| line.contains("name=sentry-trace"));
    let second = position(&|line| line.contains("name=baggage"));
    let head = position(&|line| line.starts_with("<head"));
    let script = position(&|line| line.starts_with("<script"));
    let (Some(first), Some(second), Some(head)) = (first, second, head) else {
        return false;
    };
    let is_before_scripts = script.is_none_or(|script| second < script);
    let in_head = |line: &(usize, String)| line.0 >= 3;
    let is_in_head = head < first && lines[head + 1..first].iter().all(in_head);
    let are_children = (lines[first].0, lines[second].0) == (3, 3);
    let are_together = second == first + 1;
    if are_together {
        lines.drain(first..=second);
    }
    let is_the_rest_the_same = lines == outline(page);
    is_before_scripts && is_in_head && are_children && are_together && is_the_rest_the_same
}

fn assert_well_placed(page: &str, traced: &str) {
    assert!(is_well_placed(page, traced), "{page:?}\n{traced:?}");
}

fn lengths() -> impl Strategy<Value = Vec<usize>> {
    prop_oneof![
        Just(vec![1]),
        vec(0..40_usize, 1..20).prop_map(|it| [it, vec![1]].concat())
    ]
}

fn pieces(choices: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    vec(select(choices), 0..most).prop_map(|it| it.concat())
}

const BEFORE: &[&str] = &[
    " ",
    "\n",
    "<!-- c -->",
    "<!-->",
    "<!--->",
    "<!-- <head> -->",
    "<!-- > -- --!>",
    "<? x ?>",
    "<! y>",
];
const HTML_TAGS: &[&str] = &[
    "",
    "<html>",
    "<HTML lang=de>",
    "<html x='>' y=\">\">",
    "<html a=/ / b=c/>",
];
const HEAD_TAGS: &[&str] = &[
    "",
    "<head>",
    "<HEAD\n>",
    "<head x='>'>",
    "<head \" x>",
    "<head/>",
    "<head a= '<script>'>",
];
const RUN: &[&str] = &[
    "<meta charset=utf-8>",
    "<META NAME=viewport content='a>b'>",
    "<meta x/>",
    "<meta a=\"'\" />",
    "\n  ",
    " ",
    "<!-- c -->",
    "<!-- <script> -->",
    "</meta>",
];
const AFTER: &[&str] = &[
    "<title>t</title>",
    "<script>s('<head>')</script>",
    "<link rel=x>",
    "<base href=/>",
    "<style>a{}</style>",
    "<meta name=late>",
    "<noscript><meta></noscript>",
    "<template><meta></template>",
    "</head>",
    "<body>",
    "<body class=b>",
    "text",
    "&amp;",
    "<p>p</p>",
    "<svg><script></script></svg>",
    "<header>h</header>",
    "\n",
    "<!-- c -->",
    "<head>",
    "<frameset>",
    "</p>",
    "<",
    "<é>",
];
const SOUP: &[&str] = &[
    "<",
    ">",
    "</",
    "<!",
    "<!--",
    "--",
    "-->",
    "--!>",
    "-",
    "!",
    "?",
    "/",
    "=",
    "'",
    "\"",
    " ",
    "\n",
    "a",
    "é",
    "&lt;",
    "html",
    "head",
    "meta",
    "HEAD",
    "body",
    "br",
    "doctype",
    "script",
    "<html",
    "<head",
    "<meta",
    "<body",
    "</head",
    "<title",
    "<html>",
    "<head>",
    "<meta>",
    "<!doctype html>",
    "<script>",
    "</script>",
    "<p>",
    "</p>",
    "<![CDATA[",
    "]]>",
    "<br/>",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_page_gets_its_tags(
        mark in select(&["", "\u{feff}"][..]),
        one in pieces(BEFORE, 3), doctype in select(&["<!doctype html>", "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">"][..]),
        two in pieces(BEFORE, 3), html in select(HTML_TAGS),
        three in pieces(BEFORE, 3), head in select(HEAD_TAGS),
        run in pieces(RUN, 8), after in pieces(AFTER, 8),
        lengths in lengths(),
    ) {
        let page = [mark, &one, doctype, &two, html, &three, head, &run, &after].concat();
        let traced = put_in(&page, &lengths);
        prop_assert_eq!(traced.replacen(TAGS, "", 1), &*page);
        assert_well_placed(&page, &traced);
    }

    #[test]
    fn the_tags_stand_directly_behind_the_run(
        run in pieces(RUN, 8), end in select(&["<meta z>", "<meta z='>'>"][..]),
        after in select(&["<title>", "\n<script>", " <!-- c --></head>", "\n</head>", "<link>", "text", ""][..]),
        lengths in lengths(),
    ) {
        let page = ["<!doctype html><head>", &run, end, after].concat();
        let expected = ["<!doctype html><head>", &run, end, TAGS, after].concat();
        prop_assert_eq!(put_in(&page, &lengths), expected);
    }

    #[test]
    fn a_soup_gets_its_tags_in_the_head_or_none(
        start in select(&["", "<!doctype html>", "<html>", "<head>", "<!doctype html><head>"][..]),
        soup in pieces(SOUP, 30), lengths in lengths(),
    ) {
        let page = [start, &soup].concat();
        let traced = put_in(&page, &lengths);
        if traced != page {
            prop_assert_eq!(traced.replacen(TAGS, "", 1), &*page);
            assert_well_placed(&page, &traced);
        }
    }

    #[test]
    fn a_fragment_is_left_alone(
        before in pieces(BEFORE, 3),
        first in select(&["<p>", "text", "<title>", "<meta>", "<body>", "<script>", "<header>", "</p>"][..]),
        rest in pieces(SOUP, 30), lengths in lengths(),
    ) {
        let page = [&before, first, &rest].concat();
        prop_assert_eq!(put_in(&page, &lengths), page);
    }

    #[test]
    fn any_cut_gives_the_same_page(soup in pieces(SOUP, 60), lengths in lengths()) {
        prop_assert_eq!(put_in(&soup, &lengths), put_in(&soup, &[usize::MAX]));
    }

    #[test]
    fn any_bytes_pass(page in vec(any::<u8>(), 0..200), lengths in lengths()) {
        let page = String::from_utf8_lossy(&page).into_owned();
        prop_assert_eq!(put_in(&page, &lengths).replacen(TAGS, "", 1), page);
    }

    #[test]
    fn tags_are_removed_from_any_page(
        page in pieces(&["a", "b", "ab", "aab", "aabaa", "aabaaab"], 40), lengths in lengths(),
        tags in select(&["a", "ab", "aab", "aabaab", "aabaaab", "abab", "aaaa"][..]),
    ) {
        prop_assert_eq!(take_out(&page, tags, &lengths), page.replace(tags, ""));
    }

    #[test]
    fn what_was_inserted_is_removed(
        run in pieces(RUN, 8), after in pieces(AFTER, 8), lengths in lengths(), others in lengths(),
    ) {
        let page = ["<!doctype html><head>", &run, &after].concat();
        let traced = put_in(&page, &lengths);
        prop_assert_ne!(&traced, &page);
        prop_assert_eq!(take_out(&traced, TAGS, &others), page);
    }
}
