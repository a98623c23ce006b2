//! Prints the configuration of a caching proxy that starts the traces, from the options of the service.
//!
//! A request for a page in a shared cache never reaches the service, so the service cannot start a trace for that
//! visit. The proxy can: it answers every request. Each configuration does this for each request, whether the
//! response comes out of the cache or not:
//!
//! 1. A valid `sentry-trace` is continued as it came, with the `sentry-` entries of its `baggage`, if
//!    [`TraceOptions`] continue it. Everything else starts a new trace with the entries of these options.
//! 2. A new trace, or one whose decision the caller has deferred, is sampled at
//!    `traces_sample_rate`: exactly when its `sample_rand` is below that, in decimal. Without a rate,
//!    or with a `traces_sampler`, which a proxy cannot call, the decision stays deferred.
//! 3. The response carries both values in `Server-Timing`, if they take at most 2 KiB, and the request
//!    to the service carries the same ones as `sentry-trace` and `baggage`.
//! 4. Entries of other vendors go to the service as they came, and never into the response.
//!
//! The proxy reports no span. The span id of a new trace is made up: it is the common parent of the
//! browser's page load and, on a miss, of the service's span. That of a continued trace stays the caller's.
//!
//! ```
//! use sentry_ssr::{TraceOptions, edge};
//!
//! let options = TraceOptions::new()
//!     .dsn("https://key@o7.ingest.sentry.io/42")?
//!     .release("shop@1.4.0")
//!     .traces_sample_rate(0.25)?;
//! let config = edge::nginx(&options);
//! assert!(config.contains("sentry-public_key=key,sentry-release=shop%401.4.0,sentry-org_id=7"));
//! # Ok::<_, sentry_ssr::OptionsError>(())
//! ```

mod rate_pattern;
mod service_text;

use self::service_text::ServiceText;
use crate::options::TraceOptions;

/// The configuration of a stock nginx, 1.11.2 or newer, for its `http` block.
///
/// Also add the line `set $sentry_started $sentry_values;` to each `server`, so that the regular expressions of the
/// configuration do not replace the captures of a `location`. [The guide] says what to do if a `server` or `location`
/// sets headers itself.
///
/// `$sentry_trace_id` names a visit's trace in an access log.
///
/// [The guide]: https://docs.rs/sentry-ssr/latest/sentry_ssr/guide/edge/
#[must_use]
pub fn nginx(options: &TraceOptions) -> String {
    let values = ServiceText::of(options);
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

fn sampled(values: &ServiceText) -> String {
    match &values.rate {
        Some(rate) => format!("    \"~{}\" -1;\n    default -0;", rate.pattern.regex),
        None => "    default \"\";".to_owned(),
    }
}

fn decision(values: &ServiceText) -> String {
    match &values.rate {
        Some(rate) => format!(
            "    -1 \"{}\";\n    default \"{}\";",
            rate.entries(true),
            rate.entries(false)
        ),
        None => "    default \"\";".to_owned(),
    }
}

/// Matches a list of baggage with a comma after each entry: up to five groups of entries of other vendors, and
/// between them up to four groups of Sentry's well-formed entries.
fn list() -> String {
    let others = "((?10)*+)(?12)*+";
    let ours = "((?11)*+)(?12)*+";
    let groups = format!("{others}{ours}").repeat(4);
    let other = format!(r"(?![ \t]*(?:,|{PREFIX}))[^,]*+,");
    let entry = format!(r"[ \t]*sentry-[\w.~-]++[ \t]*=[ \t]*{VALUE}[ \t]*,");
    let unreadable = format!(r"(?!(?11))[ \t]*(?:{PREFIX}[^,]*+)?,");
    format!("(?12)*+{groups}{others}$(?(DEFINE)({other})({entry})({unreadable}))")
}

/// Matches a list of well-formed entries, in which these keys may occur at up to three places.
fn list_of(keys: &str) -> String {
    let groups = "((?5)*+)(?6)*+".repeat(4);
    let key = format!(r"[ \t]*sentry-(?:{keys})[ \t]*=");
    format!("{groups}$(?(DEFINE)((?!{key})[^,]*+,)({key}[^,]*+,))")
}

/// The configuration of a stock Varnish 7, with no module but `std`, for a service on port 3000 of the same
/// machine.
///
/// `%{sentry-trace}i` names a visit's trace in the log of `varnishncsa`.
#[must_use]
pub fn varnish(options: &TraceOptions) -> String {
    let values = ServiceText::of(options);
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

fn decide(values: &ServiceText) -> String {
    let Some(rate) = &values.rate else {
        return String::new();
    };
    let (padding, pattern) = (values.padding(), &rate.pattern.regex);
    let branch = |flag, sampled| {
        let entries = rate.entries(sampled);
        format!(
            r#"        set req.http.sentry-trace = req.http.sentry-trace + "-{flag}";
        if (req.http.sentry-entries ~ ".") {{
            set req.http.sentry-entries = req.http.sentry-entries + "{entries}";
        }}"#
        )
    };
    format!(
        "    if (req.http.sentry-rand + \"{padding}\" ~ \"{pattern}\") {{\n{}\n    }} else {{\n{}\n    }}\n",
        branch(1, true),
        branch(0, false)
    )
}

/// Matches Sentry's entries and blank ones, with the comma before each.
fn ours() -> String {
    format!(r",[ \t]*+(?:{PREFIX}[^,]*+)?(?=,|$)")
}

/// Matches all entries except Sentry's well-formed ones, with the comma before each.
fn unreadable() -> String {
    format!(r",(?![ \t]*+sentry-[\w.~-]++[ \t]*+=[ \t]*+{VALUE}[ \t]*+(?:[,;]|$))[^,]*+")
}

/// `sentry-` at the start of a key, with any of its letters percent-encoded.
const PREFIX: &str = "(?:s|%73)(?:e|%65)(?:n|%6[eE])(?:t|%74)(?:r|%72)(?:y|%79)(?:-|%2[dD])";

/// The value of a well-formed entry, as the W3C defines it.
const VALUE: &str = r"(?:[!#$&-+\--:<-\[\]-~]++|%[0-9A-Fa-f]{2})*+";

/// A template in which each `@name@` is replaced by its value.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = template.to_owned();
    for (name, value) in values {
        text = text.replace(&format!("@{name}@"), value);
    }
    text
}
