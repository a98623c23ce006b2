//! The options of a service, under the names of Sentry's SDKs.

mod dsn;
mod from_env;
mod transactions;

use std::fmt;
use std::sync::Arc;

pub(crate) use self::dsn::Dsn;
pub(crate) use self::transactions::IgnoredStatusCodes;
pub use self::transactions::StatusCodes;
use crate::dsc::DynamicSamplingContext;
use crate::error::{OptionsError, OptionsErrorKind};
use crate::propagation::{Baggage, IncomingTrace, PropagationTarget, PropagationTargets};
use crate::sampling::{SampleRate, Sampler, SamplingContext};

/// What a service knows about itself and its traces, under the option names of Sentry's SDKs.
///
/// If a Sentry client is bound, the layer and the extractor take their options from the client, and you need not set
/// any of these. Without a client and without options, every request still gets a trace, and the browser makes the
/// sampling decision.
///
/// ```
/// use sentry_ssr::TraceOptions;
///
/// let options = TraceOptions::new()
///     .dsn("https://key@o7.ingest.sentry.io/42")?
///     .release("shop@1.4.0")
///     .environment("production")
///     .traces_sample_rate(0.25)?;
/// # Ok::<_, sentry_ssr::OptionsError>(())
/// ```
///
/// An invalid value is an error that names the option, the value and what is allowed:
///
/// ```
/// # use sentry_ssr::TraceOptions;
/// let error = TraceOptions::new().traces_sample_rate(2.0).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "traces_sample_rate is `2`, but must be a number from 0 to 1"
/// );
/// ```
#[derive(Clone, Default)]
#[must_use]
#[expect(
    clippy::struct_excessive_bools,
    clippy::struct_field_names,
    reason = "each field is one option, under the option's name"
)]
pub struct TraceOptions {
    dsn: Option<Dsn>,
    release: Option<String>,
    environment: Option<String>,
    org_id: Option<u64>,
    sampler: Sampler,
    strict_trace_continuation: bool,
    ignore_incoming_traces: bool,
    propagate_traceparent: bool,
    trace_options_requests: bool,
    ignore_speculative_requests: bool,
    ignored_status_codes: IgnoredStatusCodes,
    propagation_targets: PropagationTargets,
    /// The organization id from the option or the DSN, as text, to compare with incoming ones; empty if
    /// unknown.
    organization: String,
    service: Baggage,
}

impl TraceOptions {
    /// Options without a DSN, a release or a rate: decisions are deferred.
    pub fn new() -> Self {
        Self::default()
    }

    /// The project's DSN. Its public key, and the organization id of a Sentry host, become part of the values.
    ///
    /// # Errors
    ///
    /// If it is not of the form `https://public_key@host/project_id`, or the same with `http://`.
    pub fn dsn(self, dsn: &str) -> Result<Self, OptionsError> {
        match Dsn::parse(dsn) {
            Some(dsn) => Ok(self.with_dsn(dsn)),
            None => Err(OptionsError::new(OptionsErrorKind::Dsn, "dsn", dsn)),
        }
    }

    /// The version of the service, such as `shop@1.4.0`. An empty one counts as unknown.
    pub fn release(self, release: impl Into<String>) -> Self {
        Self {
            release: known(release.into()),
            ..self
        }
        .with_service_entries()
    }

    /// The deployment that the service runs in, such as `production`. An empty one counts as unknown.
    pub fn environment(self, environment: impl Into<String>) -> Self {
        Self {
            environment: known(environment.into()),
            ..self
        }
        .with_service_entries()
    }

    /// Sentry's organization id, for a DSN whose host does not contain it.
    pub fn org_id(self, org_id: u64) -> Self {
        Self {
            org_id: Some(org_id),
            ..self
        }
        .with_service_entries()
    }

    /// The share of new traces that are sampled, from 0 to 1. It replaces a `traces_sampler`. With a rate
    /// of 0 no trace is sampled; without a rate the decision is deferred.
    ///
    /// # Errors
    ///
    /// If the number is not from 0 to 1.
    pub fn traces_sample_rate(self, rate: f64) -> Result<Self, OptionsError> {
        let rate = SampleRate::try_from(rate).map_err(|_| {
            let value = rate.to_string();
            OptionsError::new(OptionsErrorKind::Rate, "traces_sample_rate", &value)
        })?;
        Ok(self.with_sampler(Sampler::Fixed(rate)))
    }

    /// A function that returns the rate of each trace, from 0 to 1. It replaces a `traces_sample_rate`. With
    /// any other number the trace is not sampled.
    ///
    /// It is called for continued traces too, and its rate counts more than the caller's decision. To keep
    /// that decision, return [`SamplingContext::inherit_or_sample_with`]. With a rate of 0
    /// the trace is never sampled, with a rate of 1 always.
    pub fn traces_sampler<F>(self, sampler: F) -> Self
    where
        F: Fn(&SamplingContext<'_>) -> f64 + Send + Sync + 'static,
    {
        self.with_sampler(Sampler::Function(Arc::new(sampler)))
    }

    /// Whether a trace is continued only if both sides have the same organization id, or neither has one. By
    /// default it is also continued if just one of them has one.
    ///
    /// Source: <https://develop.sentry.dev/sdk/foundations/trace-propagation/#stricttracecontinuation>
    pub fn strict_trace_continuation(self, strict: bool) -> Self {
        Self {
            strict_trace_continuation: strict,
            ..self
        }
    }

    /// Whether every request starts a new trace and ignores an incoming one. Use it for a public site whose
    /// visitors should not choose trace ids and sampling decisions.
    pub fn ignore_incoming_traces(self, ignore: bool) -> Self {
        Self {
            ignore_incoming_traces: ignore,
            ..self
        }
    }

    /// Whether the W3C's `traceparent` is written in addition to `sentry-trace` and `baggage`.
    pub fn propagate_traceparent(self, propagate: bool) -> Self {
        Self {
            propagate_traceparent: propagate,
            ..self
        }
    }

    /// The URLs for which [`outgoing_to`](crate::RootSpan::outgoing_to) returns a trace: all URLs by default, and none
    /// if the list is empty.
    pub fn trace_propagation_targets<T>(self, targets: impl IntoIterator<Item = T>) -> Self
    where
        T: Into<PropagationTarget>,
    {
        let propagation_targets = PropagationTargets::only(targets.into_iter().map(Into::into));
        Self {
            propagation_targets,
            ..self
        }
    }

    pub(crate) fn with_dsn(self, dsn: Dsn) -> Self {
        Self {
            dsn: Some(dsn),
            ..self
        }
        .with_service_entries()
    }

    pub(crate) fn with_sampler(self, sampler: Sampler) -> Self {
        Self { sampler, ..self }
    }

    pub(crate) const fn sampler(&self) -> &Sampler {
        &self.sampler
    }

    pub(crate) const fn propagation_targets(&self) -> &PropagationTargets {
        &self.propagation_targets
    }

    pub(crate) const fn has_traceparent(&self) -> bool {
        self.propagate_traceparent
    }

    pub(crate) const fn ignored_status_codes(&self) -> &IgnoredStatusCodes {
        &self.ignored_status_codes
    }

    /// The entries that are the same in all traces that this service starts.
    pub(crate) const fn service_entries(&self) -> &Baggage {
        &self.service
    }

    /// Whether this service may continue an incoming trace.
    pub(crate) fn continues(&self, incoming: &IncomingTrace) -> bool {
        let (theirs, ours) = (&*incoming.org_id(), &*self.organization);
        let is_same = theirs == ours;
        let is_unknown = theirs.is_empty() || ours.is_empty();
        !self.ignore_incoming_traces && (is_same || is_unknown && !self.strict_trace_continuation)
    }

    fn with_service_entries(self) -> Self {
        let dsn = self.dsn.as_ref();
        let org_id = self.org_id.or_else(|| dsn?.org_id());
        let organization = org_id.map(|id| id.to_string());
        let service = DynamicSamplingContext::service_entries([
            ("public_key", dsn.map(Dsn::public_key)),
            ("release", self.release.as_deref()),
            ("environment", self.environment.as_deref()),
            ("org_id", organization.as_deref()),
        ]);
        Self {
            service,
            organization: organization.unwrap_or_default(),
            ..self
        }
    }
}

/// Containers often set a variable to an empty text instead of leaving it out.
fn known(value: String) -> Option<String> {
    Some(value).filter(|value| !value.trim().is_empty())
}

impl fmt::Debug for TraceOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TraceOptions")
            .field("service", &self.service.as_str())
            .field("sampler", &self.sampler)
            .field("strict_trace_continuation", &self.strict_trace_continuation)
            .field("ignore_incoming_traces", &self.ignore_incoming_traces)
            .field("propagate_traceparent", &self.propagate_traceparent)
            .field("trace_options_requests", &self.trace_options_requests)
            .field(
                "ignore_speculative_requests",
                &self.ignore_speculative_requests,
            )
            .field("trace_ignore_status_codes", &self.ignored_status_codes)
            .field("trace_propagation_targets", &self.propagation_targets)
            .finish_non_exhaustive()
    }
}
