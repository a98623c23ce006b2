use super::values::Values;
use super::{PREFIX, VALUE, fill};
use crate::options::TraceOptions;

/// The configuration of a stock Varnish 7, with no module but `std`, for a service on port 3000 of the same
/// machine.
///
/// `%{sentry-trace}i` is the trace in the log of `varnishncsa`.
#[must_use]
pub fn varnish(options: &TraceOptions) -> String {
    let values = Values::of(options);
    let service = match &*values.entries {
        "" => String::new(),
        entries => format!(",{entries}"),
    };
    fill(
        include_str!("default.vcl"),
        &[
            ("ours", &ours()),
            ("unreadable", &unreadable()),
            ("organizations", &values.organizations),
            ("service", &service),
            ("decide", &decide(&values)),
            ("decided", values.decided),
        ],
    )
}

fn decide(values: &Values) -> String {
    let Some(rate) = &values.rate else {
        return String::new();
    };
    let (padding, pattern) = (values.padding(), &rate.below.pattern);
    let branch = |flag, sampled| {
        let entries = rate.entries(sampled);
        format!(
            r#"        set req.http.sentry-trace = req.http.sentry-trace + "-{flag}";
        set req.http.sentry-decision = "{entries}";"#
        )
    };
    format!(
        "    if (req.http.sentry-rand + \"{padding}\" ~ \"{pattern}\") {{\n{}\n    }} else {{\n{}\n    }}\n",
        branch(1, true),
        branch(0, false)
    )
}

/// Matches Sentry's entries and blank ones, each with the comma before it.
fn ours() -> String {
    format!(r",[ \t]*+(?:{PREFIX}[^,]*+)?(?=,|$)")
}

/// Matches all entries except Sentry's well-formed ones, each with the comma before it.
fn unreadable() -> String {
    format!(r",(?![ \t]*+sentry-[\w.~-]++[ \t]*+=[ \t]*+{VALUE}[ \t]*+(?:[,;]|$))[^,]*+")
}
