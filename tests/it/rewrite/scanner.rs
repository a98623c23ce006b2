//! Where the tags go: a `|` marks the place in each page; a page without one is left alone.

use sentry_ssr::__private::Step::{self, Hold, Leave, Splice};
use sentry_ssr::__private::{LOOK_BYTES, Scanner};

#[rustfmt::skip]
const HTML: &[(&str, &str)] = &[
    // The head and its run of metas.
    ("a bare head", "<!doctype html><html><head>|<title>t</title>"),
    ("behind the charset", "<!doctype html><html><head><meta charset=utf-8>|<title>"),
    ("behind the whole run", "<head><meta charset=utf-8><meta name=viewport content=x>|<script>"),
    ("directly behind the last meta", "<head>\n  <meta charset=utf-8>|\n\n  <title>"),
    ("white space and comments within the run", "<head> <meta a> <!-- c --> \t\r\n\x0C<meta b>| <!-- d --> <link>"),
    ("a meta behind the run stays behind", "<head><meta a>|<title></title><meta b>"),
    ("a link before the metas", "<head>|<link rel=x><meta a>"),
    ("a base before the metas", "<head>|<base href=/><meta a>"),
    ("text before the metas", "<head>|x<meta a>"),
    ("a self-closed meta", "<head><meta a/><meta b />|<title>"),
    ("an end tag of a meta", "<head> </meta><meta a>|</meta> <title>"),
    ("a head that ends", "<head><meta a>|</head><body>"),
    ("an empty head", "<head>|</head><body>"),
    ("a head that the body ends", "<html><head>|<body>"),
    ("a character reference is text", "<head>|&nbsp;<meta>"),
    ("a metadata element is no meta", "<head>|<metadata><meta a>"),
    ("a met element is no meta", "<head>|<met><meta a>"),
    ("an opening template", "<head>|<template><meta></template>"),
    ("an opening noscript", "<head>|<noscript><meta></noscript>"),
    // Attributes.
    ("a head with attributes", "<head lang=\"de\" data-x>|<title>"),
    ("a > in double quotes", "<head data-x=\"a>b\">|<title>"),
    ("a > in single quotes", "<head data-x='a>b'>|<title>"),
    ("a > in a meta's content", "<head><meta content='\">' x>|<title>"),
    ("a quote in an unquoted value does not quote", "<head data-x=a\">|\"<title>"),
    ("a quote in a name does not quote", "<head \"a>|\"<title>"),
    ("a = before a name does not begin a value", "<head =\"a>|\"<title>"),
    ("a value without a value", "<head a=>|\"<title>"),
    ("white space around =", "<head a = 'x>y' >|<title>"),
    ("two values in a row", "<head a='x'b='>'>|<title>"),
    ("a slash between attributes", "<head a/b='>'/>|<title>"),
    ("a slash in an unquoted value", "<head a=/'>|'<title>"),
    ("a slash behind a name", "<head/a='>'>|<title>"),
    ("a name and white space before a slash", "<head a / b='>'>|<title>"),
    ("an < within a tag", "<head <a>|<title>"),
    // Case and look-alikes.
    ("upper case", "<!DOCTYPE HTML><HTML><HEAD><META CHARSET=UTF-8>|<TITLE>"),
    ("mixed case", "<!DocType Html><hTmL><hEaD><mEtA a>|<tItLe>"),
    ("a header is no head", "<!doctype html><html>|<header><head>"),
    ("a heading is no head", "<!doctype html>|<h1>"),
    ("an hea is no head", "<html>|<hea>"),
    ("an htmlx is no html", "<htmlx><head>"),
    // What may stand before the head.
    ("a byte order mark", "\u{feff}<!doctype html><head>|<title>"),
    ("white space at the start", " \t\r\n\x0C<!doctype html><head>|"),
    ("a comment at the start", "<!-- hi --><!doctype html><head>|"),
    ("a comment that speaks of a head", "<!-- <head> --><html><head>|"),
    ("comments between the tags", "<!doctype html><!-- a --><html><!-- b --><head>|"),
    ("a comment closed at once", "<!--><head>|<title>-->"),
    ("a comment closed by a dash", "<!---><head>|<title>-->"),
    ("a comment closed by a bang", "<!-- a --!><head>|<title>-->"),
    ("a comment not closed by a bang at its start", "<!--!><x>--><head>|<title>"),
    ("a comment of dashes", "<!------><head>|<title>"),
    ("dashes within a comment", "<!-- a - b -- c --- d -x> ---><head>|<title>"),
    ("a bang within a comment", "<!-- a --!- --!x> --><head>|"),
    ("a comment in a comment", "<!-- <!-- --><head>|-->"),
    ("a bogus comment", "<! hi><html><head>|"),
    ("a bogus comment of one dash", "<!-><head>|"),
    ("a bogus comment that begins like a doctype", "<!doct><!doctype><head>|"),
    ("an XML prolog", "<?xml version=\"1.0\"?><!doctype html><html><head>|"),
    ("a CDATA section is a bogus comment", "<html><![CDATA[><head>|]]>"),
    ("a doctype with identifiers", "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\"><head>|"),
    ("a doctype ends at its first >", "<!doctype html \">|\"<head>"),
    ("a second doctype", "<!doctype html><!doctype html><head><!doctype html><meta a>|<link>"),
    ("end tags before the head", "<!doctype html></p></title x='>'></><html></div><head>|"),
    ("a bogus end tag", "<!doctype html></ p><head>|"),
    ("html twice", "<html a><html b><head>|"),
    ("a doctype within html", "<html><!doctype html><head>|"),
    // Heads that the parser opens by itself.
    ("no head: before the title", "<!doctype html>|<title>t</title>"),
    ("no head: behind its metas", "<!doctype html>\n<meta charset=utf-8>|\n<title>t</title>"),
    ("no head: behind html's metas", "<html><meta a><!-- c --><meta b>|<script>"),
    ("no head: before the body", "<!doctype html><html>\n|<body>"),
    ("no head: before text", "<!doctype html>\n|Hello"),
    ("no head: before a paragraph", "<!doctype html><!-- c --> |<p>Hello"),
    ("no head: before </head>", "<!doctype html>|</head>"),
    ("no head: before </body>", "<html>|</body>"),
    ("no head: before </html>", "<html>|</html>"),
    ("no head: before </br>", "<html>|</br>"),
    ("no head: before a < that opens nothing", "<html>|< p>"),
    ("no head: before a NUL", "<html>|\0"),
    ("a head behind its own metas comes too late", "<!doctype html><meta a>|<head><meta b>"),
    // Pages that end early.
    ("the end behind a head", "<head>|"),
    ("the end within the run", "<head><meta a>| <!-- c "),
    ("the end within a meta", "<head><meta a>|<meta content='"),
    ("the end behind a doctype", "<!doctype html>|"),
    ("the end behind html and white space", "<html> \n|"),
    ("the end in a tag's name", "<html>|<tit"),
    ("the end behind a <", "<html>|<"),
    ("the end behind a </", "<html>|</"),
    ("the end in a head's name", "<html>|<head"),
    ("the end in a head", "<html><head a='"),
    ("the end in a comment", "<html><!-- c "),
    ("the end in a doctype", "<!doctype html"),
    // Fragments.
    ("nothing", ""),
    ("white space", " \n"),
    ("a comment alone", "<!-- c -->"),
    ("a paragraph", "<p>Hello <head>"),
    ("a body", "<body><head>"),
    ("a title", "<title>t</title>"),
    ("a meta", "<meta charset=utf-8><title>"),
    ("text", "Hello <!doctype html><head>"),
    ("an end tag", "</p><!doctype html><head>"),
    ("JSON", "{\"a\": \"<head>\"}"),
    ("half a byte order mark", "\u{fe00}<!doctype html><head>"),
];

fn scan(page: &[u8], chunk: usize) -> Step {
    let mut scanner = Scanner::new();
    for bytes in page.chunks(chunk) {
        let step = scanner.feed(bytes);
        if !matches!(step, Hold(_)) {
            return step;
        }
    }
    scanner.end()
}

fn check(table: &[(&str, &str)]) {
    for (name, marked) in table {
        let expected = marked.find('|').map_or(Leave, Splice);
        let page = marked.replace('|', "");
        for chunk in [usize::MAX, 1, 2, 3, 7] {
            let got = scan(page.as_bytes(), chunk);
            assert_eq!(got, expected, "{name}, in chunks of {chunk}: {marked}");
        }
    }
}

#[test]
fn html_pages_have_their_place() {
    check(HTML);
}

#[test]
fn utf_16_is_left_alone() {
    let page: Vec<u16> = "<!doctype html><head>".encode_utf16().collect();
    let (le, be): (Vec<_>, Vec<_>) = page
        .iter()
        .map(|unit| (unit.to_le_bytes(), unit.to_be_bytes()))
        .unzip();
    for page in [le.concat(), be.concat()] {
        assert_eq!(scan(&page, 1), Leave);
    }
    for mark in [[0xFE, 0xFF], [0xFF, 0xFE]] {
        let page = [&mark[..], b"<!doctype html><head>"].concat();
        assert_eq!(scan(&page, 1), Leave);
    }
    assert_eq!(scan(b"\xEF\xBB<!doctype html><head>", 1), Leave);
}

/// What may go out after each byte: nothing is held that need not be.
#[test]
fn only_what_may_follow_the_tags_is_held() {
    let mut scanner = Scanner::new();
    let page = b"<!-- c --><!doctype html> <html a><head><meta a> <meta b><!--";
    let held: String = page
        .iter()
        .enumerate()
        .map(|(at, byte)| match scanner.feed(&[*byte]) {
            Hold(from) if from == at + 1 => '.',
            Hold(from) => char::from(b'0' + u8::try_from((at + 1 - from) % 10).unwrap()),
            step => panic!("{step:?}"),
        })
        .collect();
    let page = String::from_utf8_lossy(page);
    assert_eq!(
        format!("{page}\n{held}"),
        "<!-- c --><!doctype html> <html a><head><meta a> <meta b><!--\n\
         ..........................12345...12345.1234567.12345678.1234",
    );
}

#[test]
fn the_answer_stays_once_given() {
    let mut scanner = Scanner::new();
    assert_eq!(scanner.feed(b"<head><title>"), Splice(6));
    assert_eq!(scanner.feed(b"<head><meta>"), Splice(6));
    assert_eq!(scanner.end(), Splice(6));
}

#[test]
fn a_head_behind_the_bound_is_left_alone() {
    let padded = |padding: usize| format!("{}<head><title>", " ".repeat(padding));
    let last = LOOK_BYTES - "<head>".len();
    assert_eq!(scan(padded(last).as_bytes(), 1000), Splice(LOOK_BYTES));
    assert_eq!(scan(padded(last + 1).as_bytes(), 1000), Leave);
    let comment = format!("<!doctype html><!--{}--><head>", " ".repeat(LOOK_BYTES));
    assert_eq!(scan(comment.as_bytes(), 1000), Leave);
    let space = format!("<!doctype html>{}<head a>", " ".repeat(LOOK_BYTES - 20));
    assert_eq!(scan(space.as_bytes(), 1000), Leave);
}

#[test]
fn a_run_that_reaches_beyond_the_bound_is_cut_at_its_last_meta() {
    let page = format!("<head><meta a><meta content='{}'>", "x".repeat(LOOK_BYTES));
    assert_eq!(scan(page.as_bytes(), 1000), Splice(14));
}
