//! The options that the environment of the process sets.

use std::env::{self, VarError};

use super::TraceOptions;
use crate::error::{OptionsError, OptionsErrorKind};
use crate::sampling::Sampler;

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

    /// The same for variables that `lookup` finds, which tests of this crate use.
    #[doc(hidden)]
    pub fn from_vars(
        lookup: impl Fn(&'static str) -> Result<Option<String>, OptionsError>,
    ) -> Result<Self, OptionsError> {
        let var = |name| Ok(lookup(name)?.filter(|value| !value.trim().is_empty()));
        let mut options = Self {
            release: var("SENTRY_RELEASE")?,
            environment: var("SENTRY_ENVIRONMENT")?,
            ..Self::new()
        };
        if let Some(dsn) = var(DSN)? {
            options = options.dsn(dsn.trim()).map_err(|error| error.named(DSN))?;
        }
        if let Some(rate) = var(RATE)? {
            let rate = parse(OptionsErrorKind::Rate, RATE, &rate, |text| {
                text.parse().ok()
            })?;
            options = options.with_sampler(Sampler::Fixed(rate));
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
