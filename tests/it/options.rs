//! Options that cannot be, and what the sentence about them says.

use sentry_ssr::{OptionsErrorKind, RootSpan, TraceOptions, TransactionName};

#[test]
fn a_dsn_needs_a_key_a_host_and_a_project() {
    for dsn in [
        "",
        "https://localhost/1",
        "https://@localhost/1",
        "https://key@/1",
        "https://key@localhost",
        "https://key@localhost/",
        "ftp://key@localhost/1",
        "key@localhost/1",
        "https://k y@localhost/1",
        "https://key@local\nhost/1",
    ] {
        let error = TraceOptions::new().dsn(dsn).unwrap_err();
        assert_eq!(error.kind(), OptionsErrorKind::Dsn);
        assert_eq!(error.option(), "dsn");
        assert_eq!(
            error.to_string(),
            format!(
                "dsn is `{dsn}`, but must be an address of the form https://public_key@host/project_id"
            )
        );
    }
}

#[test]
fn a_dsn_yields_public_key_and_organization_only() {
    for (dsn, key, org_id) in [
        ("https://key@o7.ingest.sentry.io/42", "key", Some("7")),
        (
            "https://key:secret@o7.ingest.us.sentry.io/path/42",
            "key",
            Some("7"),
        ),
        ("http://key@127.0.0.1:9000/42", "key", None),
        ("https://key@o7.example.com/42", "key", None),
        ("https://key@oops.ingest.sentry.io/42", "key", None),
        ("https://key@o+7.ingest.sentry.io/42", "key", None),
    ] {
        let options = TraceOptions::new().dsn(dsn).unwrap();
        let span = RootSpan::start(&options, None, &TransactionName::route("GET", "/"));
        assert_eq!(
            span.baggage().get("public_key").as_deref(),
            Some(key),
            "{dsn}"
        );
        assert_eq!(span.baggage().get("org_id").as_deref(), org_id, "{dsn}");
        assert!(!span.baggage().as_str().contains("secret"));
    }
}

#[test]
fn a_rate_is_from_0_to_1() {
    for rate in [2.0, -0.1, f64::NAN, f64::INFINITY] {
        let error = TraceOptions::new().traces_sample_rate(rate).unwrap_err();
        assert_eq!(error.kind(), OptionsErrorKind::Rate);
        assert_eq!(
            error.to_string(),
            format!("traces_sample_rate is `{rate}`, but must be a number from 0 to 1")
        );
    }
}

#[test]
fn debug_output_shows_no_secret() {
    let options = TraceOptions::new()
        .dsn("https://key:secret@localhost/1")
        .unwrap();
    assert!(!format!("{options:?}").contains("secret"));
}
