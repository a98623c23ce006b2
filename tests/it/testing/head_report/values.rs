//! Tags whose values the browser or Sentry can do nothing with.

use sentry_ssr::testing::{Finding, HeadReport, MetaName, TraceValueError};

use super::{BAGGAGE, OTHER, findings, in_head, meta, tags, with};
use crate::support::ids::{SENTRY_TRACE as VALUE, SPAN_ID, TRACE_ID, sentry_trace};

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
            "771a43a4-1926-42f0-b136-d5159a501700-b7ad6b7169203331-1".into(),
            TraceValueError::Dashed,
        ),
        (sentry_trace("-2"), TraceValueError::Decision),
        (sentry_trace("-true"), TraceValueError::Decision),
        (format!("{VALUE}\n"), TraceValueError::LineBreak),
        (format!("\u{a0}{VALUE}"), TraceValueError::LineBreak),
        (
            VALUE.replace('-', "&amp;#45;"),
            TraceValueError::EscapedTwice,
        ),
        ("{{ span.sentry_trace() }}".into(), TraceValueError::Form),
        (format!("00-{VALUE}"), TraceValueError::Form),
        (format!("{SPAN_ID}-1"), TraceValueError::Form),
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
        (TRACE_ID.to_owned(), TRACE_ID, TraceValueError::NoSpan),
        (
            format!("{TRACE_ID}-0000000000000000"),
            TRACE_ID,
            TraceValueError::Zero,
        ),
        (format!("{zero}-{SPAN_ID}"), &zero, TraceValueError::Zero),
    ];
    for (value, trace, error) in cases {
        let report = HeadReport::of(&with(&value, &BAGGAGE.replace(TRACE_ID, trace)));
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
            trace: TRACE_ID.into(),
            baggage,
        };
        assert_eq!(findings(&with(VALUE, &value)), [expected]);
    }
}
