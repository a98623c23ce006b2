use std::env::{self, VarError};

use super::TraceOptions;
use crate::error::{OptionsError, OptionsErrorKind};

impl TraceOptions {
    /// Reads the environment variables that Sentry's SDKs share: `SENTRY_DSN`, `SENTRY_RELEASE`,
    /// `SENTRY_ENVIRONMENT`, `SENTRY_TRACES_SAMPLE_RATE`, `SENTRY_ORG_ID` and
    /// `SENTRY_STRICT_TRACE_CONTINUATION`.
    ///
    /// All of them are optional. An empty variable counts as unset.
    ///
    /// # Errors
    ///
    /// If a variable has a value that its option cannot have; the error names the variable.
    pub fn from_env() -> Result<Self, OptionsError> {
        Self::from_vars(|name| match env::var(name) {
            Ok(value) => Ok(Some(value)),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(value)) => Err(OptionsError::new(
                OptionsErrorKind::Encoding,
                name,
                &value.to_string_lossy(),
            )),
        })
    }

    fn from_vars(
        lookup: impl Fn(&'static str) -> Result<Option<String>, OptionsError>,
    ) -> Result<Self, OptionsError> {
        let var = |name| Ok(lookup(name)?.filter(|value| !value.trim().is_empty()));
        let mut options = Self {
            release: var("SENTRY_RELEASE")?,
            environment: var("SENTRY_ENVIRONMENT")?,
            ..Self::new()
        };
        if let Some(dsn) = var(DSN)? {
            options = options.dsn(&dsn).map_err(|error| error.named(DSN))?;
        }
        if let Some(rate) = var(RATE)? {
            let rate = parse(OptionsErrorKind::Rate, RATE, &rate, |text| {
                text.parse().ok()
            })?;
            options = options
                .traces_sample_rate(rate)
                .map_err(|error| error.named(RATE))?;
        }
        if let Some(org_id) = var(ORG_ID)? {
            options.org_id = Some(parse(OptionsErrorKind::Number, ORG_ID, &org_id, number)?);
        }
        if let Some(strict) = var(STRICT)? {
            options.strict_trace_continuation =
                parse(OptionsErrorKind::Flag, STRICT, &strict, flag)?;
        }
        Ok(options.with_service_entries())
    }
}

const DSN: &str = "SENTRY_DSN";
const RATE: &str = "SENTRY_TRACES_SAMPLE_RATE";
const ORG_ID: &str = "SENTRY_ORG_ID";
const STRICT: &str = "SENTRY_STRICT_TRACE_CONTINUATION";

fn parse<T>(
    kind: OptionsErrorKind,
    name: &'static str,
    value: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, OptionsError> {
    read(value.trim()).ok_or_else(|| OptionsError::new(kind, name, value))
}

fn number(text: &str) -> Option<u64> {
    text.parse().ok()
}

fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::error::OptionsError;
    use crate::name::TransactionName;
    use crate::options::TraceOptions;
    use crate::span::RootSpan;

    fn read(vars: &[(&str, &str)]) -> Result<TraceOptions, OptionsError> {
        TraceOptions::from_vars(|name| {
            let found = vars.iter().find(|(var, _)| *var == name);
            Ok(found.map(|(_, value)| (*value).to_owned()))
        })
    }

    fn sentence(name: &str, value: &str) -> String {
        read(&[(name, value)]).unwrap_err().to_string()
    }

    #[test]
    fn every_variable_is_read() {
        let options = read(&[
            ("SENTRY_DSN", "https://key@localhost/1"),
            ("SENTRY_RELEASE", "shop@1"),
            ("SENTRY_ENVIRONMENT", "test"),
            ("SENTRY_TRACES_SAMPLE_RATE", " 1 "),
            ("SENTRY_ORG_ID", "7"),
            ("SENTRY_STRICT_TRACE_CONTINUATION", "TRUE"),
        ]);
        let options = options.unwrap();
        let span = RootSpan::start(&options, None, &TransactionName::route("GET", "/"));
        let context = span.dynamic_sampling_context();
        for (key, value) in [
            ("public_key", "key"),
            ("release", "shop@1"),
            ("environment", "test"),
            ("org_id", "7"),
            ("sample_rate", "1"),
        ] {
            assert_eq!(context.get(key).as_deref(), Some(value), "{key}");
        }
        assert!(options.strict_trace_continuation);
    }

    #[test]
    fn none_is_needed_and_an_empty_one_counts_as_none() {
        let options = read(&[("SENTRY_DSN", ""), ("SENTRY_TRACES_SAMPLE_RATE", " ")]).unwrap();
        assert_eq!(format!("{options:?}"), format!("{:?}", TraceOptions::new()));
    }

    #[test]
    fn a_bad_value_is_told_with_the_variable_the_value_and_what_is_allowed() {
        for (name, value, allowed) in [
            ("SENTRY_TRACES_SAMPLE_RATE", "2", "a number from 0 to 1"),
            ("SENTRY_TRACES_SAMPLE_RATE", "half", "a number from 0 to 1"),
            ("SENTRY_TRACES_SAMPLE_RATE", "NaN", "a number from 0 to 1"),
            ("SENTRY_ORG_ID", "o7", "a whole number such as 1234567"),
            (
                "SENTRY_STRICT_TRACE_CONTINUATION",
                "maybe",
                "one of true, 1, yes, on, false, 0, no, off",
            ),
            (
                "SENTRY_DSN",
                "https://localhost/1",
                "an address of the form https://public_key@host/project_id",
            ),
        ] {
            assert_eq!(
                sentence(name, value),
                format!("{name} is `{value}`, but must be {allowed}")
            );
        }
    }
}
