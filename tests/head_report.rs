//! What the browser SDK reads from a page: each finding once, and the pages without one.

#![cfg(feature = "testing")]

use sentry_ssr::testing::{Finding, HeadReport, MetaName, TraceValueError, assert_traced};

const TRACE: &str = "771a43a4192642f0b136d5159a501700";
const VALUE: &str = "771a43a4192642f0b136d5159a501700-1234567890abcdef-1";
const BAGGAGE: &str =
    "sentry-trace_id=771a43a4192642f0b136d5159a501700,sentry-sample_rand=0.332200";
const OTHER: &str = "11111111111141118111111111111111";

const BOTH: [MetaName; 2] = [MetaName::SentryTrace, MetaName::Baggage];

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

fn for_both(finding: impl Fn(MetaName) -> Finding) -> Vec<Finding> {
    BOTH.map(finding).to_vec()
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
        assert_eq!(HeadReport::of(&page).trace_id(), Some(TRACE), "{page}");
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
fn an_empty_tag_hides_the_one_behind_it() {
    let page = in_head(&(meta("sentry-trace", "") + "<meta name=baggage>" + &tags()));
    let report = HeadReport::of(&page);
    assert_eq!(report.trace_id(), None);
    assert_eq!(
        report.findings(),
        [
            Finding::Empty(MetaName::SentryTrace),
            Finding::Duplicate {
                name: MetaName::SentryTrace,
                unread: VALUE.into()
            },
            Finding::Empty(MetaName::Baggage),
            Finding::Duplicate {
                name: MetaName::Baggage,
                unread: BAGGAGE.into()
            },
        ]
    );
}

#[test]
fn a_malformed_sentry_trace() {
    let cases = [
        (VALUE.to_uppercase(), TraceValueError::UpperCase),
        (
            "771a43a4-1926-42f0-b136-d5159a501700-1234567890abcdef-1".into(),
            TraceValueError::Dashed,
        ),
        (
            format!("{TRACE}-1234567890abcdef-2"),
            TraceValueError::Decision,
        ),
        (
            format!("{TRACE}-1234567890abcdef-true"),
            TraceValueError::Decision,
        ),
        (format!("{VALUE}\n"), TraceValueError::LineBreak),
        (format!("\u{a0}{VALUE}"), TraceValueError::LineBreak),
        (
            VALUE.replace('-', "&amp;#45;"),
            TraceValueError::EscapedTwice,
        ),
        ("{{ span.sentry_trace() }}".into(), TraceValueError::Form),
        (format!("00-{VALUE}"), TraceValueError::Form),
        ("1234567890abcdef-1".into(), TraceValueError::Form),
        (" ".into(), TraceValueError::Form),
    ];
    for (value, error) in cases {
        let report = HeadReport::of(&with(&value, BAGGAGE));
        let value = value.replace("&amp;", "&");
        assert_eq!(report.findings(), [Finding::Malformed { value, error }]);
        assert_eq!(report.trace_id(), None, "{error:?}");
    }
}

#[test]
fn a_sentry_trace_that_the_browser_takes_and_sentry_can_not_use() {
    let zero = "0".repeat(32);
    let cases = [
        (TRACE.to_owned(), TRACE, TraceValueError::NoSpan),
        (
            format!("{TRACE}-0000000000000000"),
            TRACE,
            TraceValueError::Zero,
        ),
        (
            format!("{zero}-1234567890abcdef"),
            &zero,
            TraceValueError::Zero,
        ),
    ];
    for (value, trace, error) in cases {
        let report = HeadReport::of(&with(&value, &BAGGAGE.replace(TRACE, trace)));
        assert_eq!(report.findings(), [Finding::Malformed { value, error }]);
        assert_eq!(report.trace_id(), Some(trace));
    }
}

#[test]
fn a_baggage_without_sentry_entries() {
    for value in [
        "vendor=1",
        "sentry-trace_id",
        "sentry-trace_id=",
        "sentry-release=%zz",
        " ",
    ] {
        assert_eq!(
            findings(&with(VALUE, value)),
            [Finding::NoEntries {
                value: value.into()
            }]
        );
    }
}

#[test]
fn a_baggage_entry_that_is_not_read_as_it_was_meant() {
    let entries = [
        "sentry-release",
        "sentry-release=",
        "sentry-release=100%",
        "sentry-release=%f",
        "sentry-release=%ff",
        "sentry-release=1;p=2",
    ];
    for entry in entries {
        let page = with(VALUE, &format!("{BAGGAGE}, {entry},v=1;p,w"));
        assert_eq!(
            findings(&page),
            [Finding::BrokenEntry {
                entry: entry.into()
            }]
        );
    }
}

#[test]
fn a_baggage_of_another_trace() {
    let cases = [
        (format!("sentry-trace_id={OTHER}"), Some(OTHER.to_owned())),
        (
            format!("{BAGGAGE},sentry-trace_id={OTHER}"),
            Some(OTHER.to_owned()),
        ),
        ("sentry-release=1".to_owned(), None),
    ];
    for (value, baggage) in cases {
        let expected = Finding::OtherTrace {
            trace: TRACE.into(),
            baggage,
        };
        assert_eq!(findings(&with(VALUE, &value)), [expected]);
    }
}

#[test]
fn the_first_tag_counts_and_a_further_one_is_not_read() {
    let unread = VALUE.replace(TRACE, OTHER);
    let report = HeadReport::of(&in_head(&(tags() + &meta("sentry-trace", &unread))));
    assert_eq!(report.trace_id(), Some(TRACE));
    assert_eq!(
        report.findings(),
        [Finding::Duplicate {
            name: MetaName::SentryTrace,
            unread
        }]
    );
}

#[test]
fn a_tag_outside_the_head() {
    let in_body = in_head("").replace("Hello", &tags());
    let head_ends_early = in_head(&format!("<div></div>{}", tags()));
    for page in [in_body, head_ends_early] {
        let report = HeadReport::of(&page);
        assert_eq!(report.findings(), for_both(Finding::OutsideHead));
        assert_eq!(report.trace_id(), Some(TRACE));
    }
}

#[test]
fn a_tag_behind_a_script() {
    let scripts = [
        "<script>init()</script>",
        "<script src=/app.js></script>",
        "<script src=/app.js async></script>",
        "<script defer>init()</script>",
        "<script type='text/javascript'></script>",
        "<script type=module async src=/app.js></script>",
    ];
    for script in scripts {
        let page = in_head(&format!("{script}{}", tags()));
        assert_eq!(findings(&page), for_both(Finding::AfterScript), "{script}");
    }
    let between = meta("sentry-trace", VALUE) + "<script></script>" + &meta("baggage", BAGGAGE);
    assert_eq!(
        findings(&in_head(&between)),
        [Finding::AfterScript(MetaName::Baggage)]
    );
}

#[test]
fn a_tag_of_which_the_parser_makes_no_element() {
    let tags = tags();
    let once = tags.replace('<', "&lt;").replace('"', "&quot;");
    let text = |element: &str| {
        for_both(|name| Finding::InElement {
            name,
            element: element.into(),
        })
    };
    let template = for_both(Finding::InTemplate);
    let escaped = for_both(Finding::Escaped);
    let cases = [
        (format!("<template>{tags}</template>"), template.clone()),
        (
            format!("<template><div><template></template>{tags}</div></template>"),
            template,
        ),
        (format!("<!-- {tags} -->"), for_both(Finding::InComment)),
        (format!("<noscript>{tags}</noscript>"), text("noscript")),
        (format!("<title>{tags}</title>"), text("title")),
        (format!("<style>{tags}</style>"), text("style")),
        (format!("<script>`{tags}`</script>"), text("script")),
        (tags.replace('<', "&lt;"), escaped.clone()),
        (once.clone(), escaped.clone()),
        (once.replace('&', "&amp;"), escaped),
    ];
    for (head, expected) in cases {
        let report = HeadReport::of(&in_head(&head));
        assert_eq!(report.findings(), expected, "{head}");
        assert_eq!(report.trace_id(), None, "{head}");
    }
}

#[test]
fn only_the_name_attribute_is_read_and_only_in_lower_case() {
    let property = tags().replace("name=", "property=");
    assert_eq!(findings(&in_head(&property)), for_both(Finding::Property));
    let upper = tags()
        .replace("sentry-trace\"", "Sentry-Trace\"")
        .replace("\"baggage", "\" Baggage");
    assert_eq!(findings(&in_head(&upper)), for_both(Finding::NameCase));
}

#[test]
fn one_name_can_fail_while_the_other_is_well() {
    let trace = meta("sentry-trace", VALUE);
    let page = in_head(&format!(
        "{trace}<template>{}</template>",
        meta("baggage", BAGGAGE)
    ));
    assert_eq!(findings(&page), [Finding::InTemplate(MetaName::Baggage)]);
    let page = in_head(&trace.replace("name=", "property="));
    assert_eq!(
        findings(&page),
        [Finding::Property(MetaName::SentryTrace), Finding::NoBaggage]
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
            trace: TRACE.into(),
            baggage: Some(OTHER.into()),
        },
        Finding::OtherTrace {
            trace: TRACE.into(),
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
