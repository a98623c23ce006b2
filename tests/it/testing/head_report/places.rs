//! Tags that stand where the browser does not read them, or too late.

use sentry_ssr::testing::{Finding, HeadReport, MetaName};

use super::{BAGGAGE, OTHER, findings, in_head, meta, tags};
use crate::support::ids::{SENTRY_TRACE as VALUE, TRACE_ID};

const BOTH: [MetaName; 2] = [MetaName::SentryTrace, MetaName::Baggage];

fn for_both(finding: impl Fn(MetaName) -> Finding) -> Vec<Finding> {
    BOTH.map(finding).to_vec()
}

#[test]
fn the_first_tag_counts_and_a_further_one_is_not_read() {
    let unread = VALUE.replace(TRACE_ID, OTHER);
    let report = HeadReport::of(&in_head(&(tags() + &meta("sentry-trace", &unread))));
    assert_eq!(report.trace_id(), Some(TRACE_ID));
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
        assert_eq!(report.trace_id(), Some(TRACE_ID));
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
