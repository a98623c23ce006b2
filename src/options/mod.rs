mod env;
mod error;

use std::fmt;
use std::sync::Arc;

pub use error::{OptionsError, OptionsErrorKind};

use crate::dsc::DynamicSamplingContext;
use crate::dsn::Dsn;
use crate::header::{Baggage, IncomingTrace};
use crate::sampling::{SampleRate, Sampler, SamplingContext};
use crate::target::{PropagationTarget, PropagationTargets};

/// What a service knows about itself and its traces, under the names that Sentry's SDKs use.
///
/// Where a Sentry client is bound, its options serve and none of these are needed. Without any,
/// every request still gets a trace, and the decision about it is left to the browser.
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
/// A value that cannot be is an error that names the option, the value and what is allowed:
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
pub struct TraceOptions {
    dsn: Option<Dsn>,
    release: Option<String>,
    environment: Option<String>,
    org_id: Option<u64>,
    sampler: Sampler,
    strict_trace_continuation: bool,
    ignore_incoming_traces: bool,
    propagate_traceparent: bool,
    propagation_targets: PropagationTargets,
    /// The organization's id, from wherever it is known, as every continued trace is asked for it; empty
    /// where it is not known.
    organization: String,
    service: Baggage,
}

impl TraceOptions {
    /// Options that say nothing: no DSN, no release, the decision deferred.
    pub fn new() -> Self {
        Self::default()
    }

    /// The project's address, of which the public key and Sentry's organization id are shown.
    ///
    /// # Errors
    ///
    /// When it is not of the form `https://public_key@host/project_id`.
    pub fn dsn(self, dsn: &str) -> Result<Self, OptionsError> {
        let dsn = dsn
            .parse()
            .map_err(|_| OptionsError::new(OptionsErrorKind::Dsn, "dsn", dsn))?;
        Ok(self.with_dsn(dsn))
    }

    /// The version of the service, such as `shop@1.4.0`.
    pub fn release(self, release: impl Into<String>) -> Self {
        Self {
            release: Some(release.into()),
            ..self
        }
        .with_service_entries()
    }

    /// Where the service runs, such as `production`.
    pub fn environment(self, environment: impl Into<String>) -> Self {
        Self {
            environment: Some(environment.into()),
            ..self
        }
        .with_service_entries()
    }

    /// Sentry's organization id, where the DSN's host does not tell it.
    pub fn org_id(self, org_id: u64) -> Self {
        Self {
            org_id: Some(org_id),
            ..self
        }
        .with_service_entries()
    }

    /// The share of new traces that are sampled, from 0 to 1. It takes the place of a
    /// `traces_sampler`. A rate of 0 is a decision against every trace; no rate is no decision.
    ///
    /// # Errors
    ///
    /// When the number is not from 0 to 1.
    pub fn traces_sample_rate(self, rate: f64) -> Result<Self, OptionsError> {
        let bad = || {
            OptionsError::new(
                OptionsErrorKind::Rate,
                "traces_sample_rate",
                &rate.to_string(),
            )
        };
        let rate = SampleRate::new(rate).ok_or_else(bad)?;
        Ok(self.with_sampler(Sampler::Fixed(rate)))
    }

    /// A function that gives the rate of each trace that nobody has decided about yet. It takes the
    /// place of a `traces_sample_rate`. An answer that is not from 0 to 1 is a decision against.
    pub fn traces_sampler<F>(self, sampler: F) -> Self
    where
        F: Fn(&SamplingContext<'_>) -> f64 + Send + Sync + 'static,
    {
        self.with_sampler(Sampler::Function(Arc::new(sampler)))
    }

    /// Whether a trace is continued only where both sides name the same organization. By default it
    /// also is where just one of them names any.
    ///
    /// Source: <https://develop.sentry.dev/sdk/foundations/trace-propagation/#stricttracecontinuation>
    pub fn strict_trace_continuation(self, strict: bool) -> Self {
        Self {
            strict_trace_continuation: strict,
            ..self
        }
    }

    /// Whether every request starts a new trace, whatever came with it. For a public site that does
    /// not want strangers to choose its trace ids and decisions.
    pub fn ignore_incoming_traces(self, ignore: bool) -> Self {
        Self {
            ignore_incoming_traces: ignore,
            ..self
        }
    }

    /// Whether the W3C's `traceparent` is written beside the other two values.
    pub fn propagate_traceparent(self, propagate: bool) -> Self {
        Self {
            propagate_traceparent: propagate,
            ..self
        }
    }

    /// Where [`outgoing_to`](crate::RootSpan::outgoing_to) lets a trace go: everywhere by default,
    /// nowhere with an empty list.
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

    pub(crate) fn sampler(&self) -> &Sampler {
        &self.sampler
    }

    pub(crate) fn propagation_targets(&self) -> &PropagationTargets {
        &self.propagation_targets
    }

    pub(crate) fn has_traceparent(&self) -> bool {
        self.propagate_traceparent
    }

    /// The entries that are the same for every trace that this service is the head of.
    pub(crate) fn service_entries(&self) -> &Baggage {
        &self.service
    }

    /// Whether an incoming trace is ours to continue.
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

impl fmt::Debug for TraceOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TraceOptions")
            .field("service", &self.service.as_str())
            .field("sampler", &self.sampler)
            .field("strict_trace_continuation", &self.strict_trace_continuation)
            .field("ignore_incoming_traces", &self.ignore_incoming_traces)
            .field("propagate_traceparent", &self.propagate_traceparent)
            .field("trace_propagation_targets", &self.propagation_targets)
            .finish_non_exhaustive()
    }
}
