//! The values that a root span gives to the browser and to other services, and how they were exposed.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::dsc::{DynamicSamplingContext, FreezingContext};
use crate::id::SpanId;
use crate::name::{EncodedRoute, RouteName, TransactionName};
use crate::options::IgnoredStatusCodes;
use crate::propagation::{Baggage, PropagationTargets, SentryTrace, Traceparent};

/// The values of one root span. They hold no hub and no span of the SDK, so that everything that is sent about a
/// request can share them.
pub(crate) struct TraceValues {
    trace: SentryTrace,
    parent_span_id: Option<SpanId>,
    has_traceparent: bool,
    /// The tags may be part of the response.
    allows_tags: bool,
    targets: PropagationTargets,
    ignored_status_codes: IgnoredStatusCodes,
    context: FreezingContext,
    exposure: Exposure,
    route: Mutex<RouteName>,
    /// The tags and the response's headers show the route.
    shows_route: AtomicBool,
    is_route_rendered: AtomicBool,
}

impl TraceValues {
    #[expect(clippy::too_many_arguments, reason = "each is one field")]
    #[inline]
    pub(crate) const fn new(
        trace: SentryTrace,
        parent_span_id: Option<SpanId>,
        has_traceparent: bool,
        allows_tags: bool,
        targets: PropagationTargets,
        ignored_status_codes: IgnoredStatusCodes,
        context: FreezingContext,
        route: RouteName,
    ) -> Self {
        Self {
            trace,
            parent_span_id,
            has_traceparent,
            allows_tags,
            targets,
            ignored_status_codes,
            context,
            exposure: Exposure::none(),
            route: Mutex::new(route),
            shows_route: AtomicBool::new(false),
            is_route_rendered: AtomicBool::new(false),
        }
    }

    pub(crate) const fn sentry_trace(&self) -> SentryTrace {
        self.trace
    }

    pub(crate) const fn parent_span_id(&self) -> Option<SpanId> {
        self.parent_span_id
    }

    pub(crate) fn traceparent(&self) -> Option<Traceparent> {
        self.has_traceparent.then(|| self.trace.into())
    }

    /// Whether the response may contain the tags.
    pub(crate) const fn allows_tags(&self) -> bool {
        self.allows_tags
    }

    pub(crate) const fn targets(&self) -> &PropagationTargets {
        &self.targets
    }

    pub(crate) const fn ignored_status_codes(&self) -> &IgnoredStatusCodes {
        &self.ignored_status_codes
    }

    /// The context, which may not be frozen yet.
    pub(crate) const fn context(&self) -> &FreezingContext {
        &self.context
    }

    /// The context, which this freezes.
    pub(crate) fn dynamic_sampling_context(&self) -> &DynamicSamplingContext {
        self.context.freeze()
    }

    /// The baggage, which this freezes.
    pub(crate) fn baggage(&self) -> &Baggage {
        self.dynamic_sampling_context().as_baggage()
    }

    /// How these values were exposed.
    pub(crate) const fn exposure(&self) -> &Exposure {
        &self.exposure
    }

    pub(crate) fn rename_route(&self, name: &TransactionName<'_>) {
        self.route().rename(name);
    }

    /// Calls `f` with the route that the request has matched.
    pub(crate) fn with_matched_route<R>(&self, f: impl FnOnce(Option<&str>) -> R) -> R {
        f(self.route().matched())
    }

    pub(crate) fn with_route<R>(&self, f: impl FnOnce(Option<EncodedRoute<'_>>) -> R) -> R {
        f(self.route().encoded())
    }

    pub(crate) fn show_route(&self) {
        self.shows_route.store(true, Ordering::Relaxed);
    }

    pub(crate) fn shows_route(&self) -> bool {
        self.shows_route.load(Ordering::Relaxed)
    }

    pub(crate) fn note_route_rendered(&self) {
        self.is_route_rendered.store(true, Ordering::Relaxed);
    }

    /// Whether the options ask for the route, it is known, and the page has not rendered it.
    pub(crate) fn lacks_route(&self) -> bool {
        self.shows_route()
            && !self.is_route_rendered.load(Ordering::Relaxed)
            && self.with_route(|route| route.is_some())
    }

    fn route(&self) -> MutexGuard<'_, RouteName> {
        self.route.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const ID: u8 = 1;
const VALUES: u8 = 1 << 1;
const TAGS: u8 = 1 << 2;
const WITHHELD: u8 = 1 << 3;

/// Which values a request has read or rendered, and so whether its response has to be searched for them.
#[derive(Debug)]
pub(crate) struct Exposure(AtomicU8);

impl Exposure {
    pub(crate) const fn none() -> Self {
        Self(AtomicU8::new(0))
    }

    /// The trace id was read, perhaps for a log.
    pub(crate) fn note_id(&self) {
        self.set(ID);
    }

    /// The values were read in the form in which a page has them.
    pub(crate) fn note_values(&self) {
        self.set(VALUES);
    }

    /// The tags were rendered.
    pub(crate) fn note_tags(&self) {
        self.set(TAGS);
    }

    /// From now on the tags render nothing: a cache may store what is sent.
    pub(crate) fn withhold_tags(&self) {
        self.set(WITHHELD);
    }

    pub(crate) fn has_any(&self) -> bool {
        self.is_set(ID | VALUES | TAGS)
    }

    pub(crate) fn has_values(&self) -> bool {
        self.is_set(VALUES)
    }

    pub(crate) fn has_tags(&self) -> bool {
        self.is_set(TAGS)
    }

    pub(crate) fn are_tags_withheld(&self) -> bool {
        self.is_set(WITHHELD)
    }

    fn is_set(&self, bits: u8) -> bool {
        self.0.load(Ordering::Relaxed) & bits != 0
    }

    /// Reading is cheaper than writing, and a value is often read more than once.
    fn set(&self, bit: u8) {
        if !self.is_set(bit) {
            self.0.fetch_or(bit, Ordering::Relaxed);
        }
    }
}
