use std::borrow::Cow;
use std::fmt;

use serde::ser::{Serialize, Serializer};

use crate::header::{Baggage, opening};
use crate::id::TraceId;
use crate::name::TransactionName;
use crate::sampling::Sampling;

/// The Dynamic Sampling Context of a trace: what all its services tell Sentry about its sampling.
///
/// It goes over the wire as [`Baggage`] and serializes as the `trace` header of an envelope: the
/// same entries without `sentry-`.
///
/// Rules:
///
/// 1. The head of a trace fills it in: from its options, its decision and, where the name is public
///    and the decision is not deferred, the name of its root span.
/// 2. Whoever continues the trace passes it on as it came: it is *frozen*. A trace that comes
///    without it keeps it empty.
/// 3. Two things only are added on the way: a `sample_rand` where there is no valid one, and, by the
///    service that decides a deferred trace, `sample_rate` and `sampled`.
///
/// Source: <https://develop.sentry.dev/sdk/foundations/trace-propagation/dynamic-sampling-context/>
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct DynamicSamplingContext {
    baggage: Baggage,
}

/// Bytes that the entries of one trace take before those of the service: always enough.
const ROOM_FOR_TRACE: usize = 256;

/// Bytes that the name of a root span usually takes.
const ROOM_FOR_NAME: usize = 96;

impl DynamicSamplingContext {
    /// The entries that are the same for all traces that a service is the head of.
    pub(crate) fn service_entries<'a>(
        entries: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
    ) -> Baggage {
        let mut baggage = Baggage::default();
        for (key, value) in entries {
            if let Some(value) = value {
                baggage.push_within(Baggage::MAX_LEN - ROOM_FOR_TRACE, key, value);
            }
        }
        baggage
    }

    #[inline]
    pub(crate) fn of_head(trace_id: TraceId, service: &Baggage, sampling: Sampling) -> Self {
        let mut baggage =
            Baggage::with_capacity(service.as_str().len() + ROOM_FOR_TRACE + ROOM_FOR_NAME);
        baggage.push_plain(opening!("trace_id"), &trace_id);
        baggage.append(service);
        write_sampling(&mut baggage, sampling);
        Self { baggage }
    }

    #[inline]
    pub(crate) fn continued(mut baggage: Baggage, sampling: Sampling) -> Self {
        if !baggage.is_empty() {
            amend(&mut baggage, sampling);
        }
        Self { baggage }
    }

    /// The entries as somebody froze them.
    #[cfg(feature = "sentry")]
    pub(crate) const fn from_baggage(baggage: Baggage) -> Self {
        Self { baggage }
    }

    /// Names the root span, which has no name yet; only a public name is shown.
    #[inline]
    pub(crate) fn set_transaction(&mut self, name: &TransactionName<'_>) {
        if name.is_public() {
            self.baggage.push("transaction", name);
        }
    }

    /// Takes the name of the root span away.
    pub(crate) fn remove_transaction(&mut self) {
        self.baggage.remove("transaction");
    }

    /// The value of a key, named without `sentry-`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Cow<'_, str>> {
        self.baggage.get(key)
    }

    /// The entries as they go over the wire.
    pub const fn as_baggage(&self) -> &Baggage {
        &self.baggage
    }
}

#[inline]
fn write_sampling(baggage: &mut Baggage, sampling: Sampling) {
    if let Some(rand) = sampling.rand {
        baggage.push_plain(opening!("sample_rand"), &rand);
    }
    if let Some(rate) = sampling.rate {
        baggage.push_plain(opening!("sample_rate"), &rate);
    }
    if let Some(sampled) = sampling.sampled {
        baggage.push_plain(opening!("sampled"), &sampled);
    }
}

#[inline]
fn amend(baggage: &mut Baggage, sampling: Sampling) {
    let added = sampling.rand.filter(|rand| sampling.came != Some(*rand));
    if sampling.rand != sampling.came {
        baggage.remove("sample_rand");
    }
    if sampling.rate.is_some() {
        baggage.remove("sample_rate");
        baggage.remove("sampled");
    }
    write_sampling(
        baggage,
        Sampling {
            rand: added,
            sampled: sampling.rate.and(sampling.sampled),
            ..sampling
        },
    );
}

impl fmt::Display for DynamicSamplingContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.baggage.fmt(f)
    }
}

impl Serialize for DynamicSamplingContext {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.baggage.iter())
    }
}
