use super::values::Values;
use super::{PREFIX, VALUE, fill};
use crate::options::TraceOptions;

/// The configuration of a stock nginx, 1.11.2 or newer, for its `http` block.
///
/// A `server` or `location` inherits `proxy_set_header` and `add_header` only if it has no line of the same kind:
/// in all others, repeat the four lines at the end of the configuration.
///
/// `$sentry_trace_id` is the trace id, for access logs.
#[must_use]
pub fn nginx(options: &TraceOptions) -> String {
    let values = Values::of(options);
    let service = match &*values.entries {
        "" => String::new(),
        entries => format!("{entries},"),
    };
    fill(
        include_str!("nginx.conf"),
        &[
            ("list", &list()),
            ("others", &list_of(values.decided)),
            ("organizations", &values.organizations),
            ("padding", values.padding()),
            ("sampled", &sampled(&values)),
            ("decision", &decision(&values)),
            ("service", &service),
        ],
    )
}

fn sampled(values: &Values) -> String {
    match &values.rate {
        Some(rate) => format!("    \"~{}\" -1;\n    default -0;", rate.below.pattern),
        None => "    default \"\";".to_owned(),
    }
}

fn decision(values: &Values) -> String {
    match &values.rate {
        Some(rate) => format!(
            "    -1 \"{}\";\n    default \"{}\";",
            rate.entries(true),
            rate.entries(false)
        ),
        None => "    default \"\";".to_owned(),
    }
}

/// Matches a baggage list with a comma after each entry: up to five groups of other vendors' entries, which
/// alternate with up to four groups of Sentry's well-formed entries.
fn list() -> String {
    let others = "((?10)*+)(?12)*+";
    let ours = "((?11)*+)(?12)*+";
    let groups = format!("{others}{ours}").repeat(4);
    let other = format!(r"(?![ \t]*(?:,|{PREFIX}))[^,]*+,");
    let entry = format!(r"[ \t]*sentry-[\w.~-]++[ \t]*=[ \t]*{VALUE}[ \t]*,");
    let unreadable = format!(r"(?!(?11))[ \t]*(?:{PREFIX}[^,]*+)?,");
    format!("(?12)*+{groups}{others}$(?(DEFINE)({other})({entry})({unreadable}))")
}

/// Matches a list of well-formed entries in which these keys are in up to three places.
fn list_of(keys: &str) -> String {
    let groups = "((?5)*+)(?6)*+".repeat(4);
    let key = format!(r"[ \t]*sentry-(?:{keys})[ \t]*=");
    format!("{groups}$(?(DEFINE)((?!{key})[^,]*+,)({key}[^,]*+,))")
}
