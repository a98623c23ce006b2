//! What the browser SDK reads from a page: each finding once, and the pages without one.

mod places;
mod values;

use sentry_ssr::testing::{Finding, HeadReport, MetaName, TraceValueError, assert_traced};

use crate::support::ids::{SENTRY_TRACE as VALUE, TRACE_ID};

const BAGGAGE: &str =
    "sentry-trace_id=771a43a4192642f0b136d5159a501700,sentry-sample_rand=0.332200";
const OTHER: &str = "11111111111141118111111111111111";

fn meta(name: &str, content: &str) -> String {
    format!(r#"<meta name="{name}" content="{content}">"#)
}

fn tags() -> String {
    meta("sentry-trace", VALUE) + &meta("baggage", BAGGAGE)
}

fn in_head(head: &str) -> String {
    format!(
        "<!doctype html><html><head><meta charset=\"utf-8\">{head}<title>Shop</title></head>\
         <body>Hello</body></html>"
    )
}

fn with(sentry_trace: &str, baggage: &str) -> String {
    in_head(&(meta("sentry-trace", sentry_trace) + &meta("baggage", baggage)))
}

fn findings(html: &str) -> Vec<Finding> {
    HeadReport::of(html).findings().to_vec()
}

/// Pages from which the browser continues the trace.
#[test]
fn a_page_that_hands_its_trace_on_has_no_findings() {
    let tags = tags();
    let pages = [
        tags.clone(),
        in_head(&tags),
        in_head(&tags.replace("meta", "META").replace("name", "NAME")),
        in_head(&format!("{tags}<script>init()</script>")),
        in_head(&format!("<script src=/app.js defer></script>{tags}")),
        in_head(&format!("<script type=module>init()</script>{tags}")),
        in_head(&format!(
            "<script type='application/ld+json'>{{}}</script>{tags}"
        )),
        in_head(&format!(
            "<template><script>init()</script></template>{tags}"
        )),
        in_head(&format!("{tags}<!-- {tags} -->")),
        in_head(&format!("{tags}<noscript>{tags}</noscript>")),
        in_head(&(meta("baggage", BAGGAGE) + &meta("sentry-trace", VALUE))),
        with(&format!(" \t{VALUE}\t "), &format!("a=1;x,b, {BAGGAGE}")),
        with(&VALUE.replace('-', "&#45;"), BAGGAGE),
        in_head(&tags).replace(
            "Hello",
            "<p>About <code>sentry-trace</code> and baggage</p>",
        ),
    ];
    for page in pages {
        assert_traced(&page);
        assert_eq!(HeadReport::of(&page).trace_id(), Some(TRACE_ID), "{page}");
    }
}

#[test]
fn the_report_says_what_the_browser_reads() {
    let report = HeadReport::of(&in_head(&tags()));
    assert_eq!(report.sentry_trace(), Some(VALUE));
    assert_eq!(report.baggage(), Some(BAGGAGE));
    let nothing = HeadReport::of("");
    assert_eq!(
        (
            nothing.sentry_trace(),
            nothing.baggage(),
            nothing.trace_id()
        ),
        (None, None, None)
    );
}

#[test]
fn a_page_without_tags() {
    for page in [
        in_head(""),
        String::new(),
        "baggage at the airport: meta name".into(),
    ] {
        assert_eq!(findings(&page), [Finding::NoTags]);
    }
}

#[test]
fn baggage_without_sentry_trace() {
    assert_eq!(
        findings(&in_head(&meta("baggage", BAGGAGE))),
        [Finding::NoTrace]
    );
}

#[test]
fn sentry_trace_without_baggage() {
    assert_eq!(
        findings(&in_head(&meta("sentry-trace", VALUE))),
        [Finding::NoBaggage]
    );
}

#[test]
fn any_text_is_a_page() {
    let deep = "<div>".repeat(2_000) + &tags();
    for text in [
        "\0",
        "<",
        "<!--",
        "<meta",
        "<template>",
        "</template></template>",
        &deep,
    ] {
        let _ = HeadReport::of(text).to_string();
    }
}

#[test]
#[should_panic(expected = "the browser starts a new trace\n- the page has no tags")]
fn the_assertion_fails_with_the_report() {
    assert_traced(&in_head(""));
}

/// What the browser makes of each finding, and what to do.
#[test]
fn each_finding_says_how_to_mend_it() {
    let name = MetaName::Baggage;
    let findings = [
        Finding::NoTags,
        Finding::NoTrace,
        Finding::NoBaggage,
        Finding::Empty(name),
        Finding::NoEntries {
            value: "a=1".into(),
        },
        Finding::BrokenEntry {
            entry: "sentry-release".into(),
        },
        Finding::OtherTrace {
            trace: TRACE_ID.into(),
            baggage: Some(OTHER.into()),
        },
        Finding::OtherTrace {
            trace: TRACE_ID.into(),
            baggage: None,
        },
        Finding::Duplicate {
            name,
            unread: "a=1".into(),
        },
        Finding::OutsideHead(name),
        Finding::AfterScript(name),
        Finding::InTemplate(name),
        Finding::InComment(name),
        Finding::InElement {
            name,
            element: "title".into(),
        },
        Finding::Escaped(name),
        Finding::Property(name),
        Finding::NameCase(name),
    ];
    let errors = [
        TraceValueError::UpperCase,
        TraceValueError::Dashed,
        TraceValueError::Decision,
        TraceValueError::LineBreak,
        TraceValueError::EscapedTwice,
        TraceValueError::NoSpan,
        TraceValueError::Zero,
        TraceValueError::Form,
    ]
    .map(|error| Finding::Malformed {
        value: "\n".into(),
        error,
    });
    let sentences: Vec<_> = findings
        .iter()
        .chain(&errors)
        .map(ToString::to_string)
        .collect();
    insta::assert_snapshot!(sentences.join("\n"));
}
