//! The feature `testing`.

use sentry_ssr::testing::{FixedIds, HeadReport, Redactor, assert_traced, redact};
use sentry_ssr::{RootSpan, TraceOptions, TransactionName};

fn main() {
    let _ids = FixedIds::new();
    let options = TraceOptions::new().release("a@1").traces_sample_rate(1.0);
    let name = TransactionName::route("GET", "/");
    let span = RootSpan::start(&options.unwrap(), None, &name);
    let page = format!("<head>{}</head>", span.meta_tags());

    assert_traced(&page);
    let report = HeadReport::of(&page);
    assert_eq!(report.trace_id(), Some(&*span.trace_id().to_string()));
    for broken in [
        "",
        "771A43A4192642F0B136D5159A501700-x",
        "7-\n",
        "&quot;",
        "771a43a4-1926-42f0-b136-d5159a501700",
    ] {
        let page =
            format!(r#"<meta name="sentry-trace" content="{broken}">&lt;meta name=&quot;baggage"#);
        assert!(!HeadReport::of(&page).findings().is_empty(), "{page}");
    }

    let redacted = redact(&page);
    for name in ["[trace-1]-[span-1]-1", "[rand-1]", "[release-1]"] {
        assert!(redacted.contains(name), "{redacted}");
    }
    assert_eq!(Redactor::new().redact(&page), redacted);
}
