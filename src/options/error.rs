use std::error::Error;
use std::fmt;

/// An option that was given a value it cannot have.
///
/// Its sentence names the option, the value and what is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionsError {
    kind: OptionsErrorKind,
    option: &'static str,
    value: String,
}

/// What was wrong with an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OptionsErrorKind {
    /// Not a DSN, or one without a public key.
    Dsn,
    /// Not a number from 0 to 1.
    Rate,
    /// Not a whole number.
    Number,
    /// Neither true nor false.
    Flag,
    /// Not UTF-8.
    Encoding,
}

impl OptionsError {
    pub(super) fn new(kind: OptionsErrorKind, option: &'static str, value: &str) -> Self {
        Self {
            kind,
            option,
            value: value.to_owned(),
        }
    }

    /// The same error, told by the name under which the value was given.
    pub(super) fn named(self, option: &'static str) -> Self {
        Self { option, ..self }
    }

    /// What was wrong.
    #[must_use]
    pub const fn kind(&self) -> OptionsErrorKind {
        self.kind
    }

    /// The option: the name of a method, or of an environment variable.
    #[must_use]
    pub const fn option(&self) -> &'static str {
        self.option
    }
}

impl fmt::Display for OptionsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let allowed = match self.kind {
            OptionsErrorKind::Dsn => "an address of the form https://public_key@host/project_id",
            OptionsErrorKind::Rate => "a number from 0 to 1",
            OptionsErrorKind::Number => "a whole number such as 1234567",
            OptionsErrorKind::Flag => "one of true, 1, yes, on, false, 0, no, off",
            OptionsErrorKind::Encoding => "valid UTF-8",
        };
        write!(
            f,
            "{} is `{}`, but must be {allowed}",
            self.option, self.value
        )
    }
}

impl Error for OptionsError {}
