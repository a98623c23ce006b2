//! The Dynamic Sampling Context, and the draft of one that freezes at its first use.

use std::borrow::Cow;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::{fmt, mem};

use serde::ser::{Serialize, Serializer};

use crate::id::TraceId;
use crate::name::TransactionName;
use crate::propagation::{Baggage, opening};
use crate::sampling::Sampling;

/// The Dynamic Sampling Context of a trace: what all its services report to Sentry about its sampling.
///
/// It travels as [`Baggage`] and serializes as the `trace` header of an envelope: the same entries
/// without the prefix `sentry-`.
///
/// Rules:
///
/// 1. The head of the trace creates it from its options, its decision and the name of its root span.
///    The name is left out if it is a URL or the decision is deferred.
/// 2. Every other service passes it on as it came: it is *frozen*. A trace that arrives without one
///    continues without one.
/// 3. There are two exceptions: a missing or invalid `sample_rand` is added, and a service that makes the
///    decision for a continued trace writes its own `sample_rate` and `sampled` in place of the caller's.
///
/// Source: <https://develop.sentry.dev/sdk/foundations/trace-propagation/dynamic-sampling-context/>
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct DynamicSamplingContext {
    baggage: Baggage,
}

/// An upper bound of the bytes that the entries of one trace take besides those of the service.
const ROOM_FOR_TRACE: usize = 256;

/// The bytes that the name of a root span usually takes.
const ROOM_FOR_NAME: usize = 96;

impl DynamicSamplingContext {
    /// The entries that are the same in all traces that a service starts.
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
    pub(crate) fn new_trace(trace_id: TraceId, service: &Baggage, sampling: Sampling) -> Self {
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

    /// The decoded value of `sentry-<key>`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Cow<'_, str>> {
        self.baggage.get(key)
    }

    /// The entries in wire form.
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

/// Adds what the entries of the caller lack, and replaces what has been decided here.
#[inline]
fn amend(baggage: &mut Baggage, sampling: Sampling) {
    let is_new_rand = sampling.rand != sampling.incoming_rand;
    if is_new_rand {
        baggage.remove("sample_rand");
    }
    if sampling.is_local {
        baggage.remove("sample_rate");
        baggage.remove("sampled");
    }
    let added = Sampling {
        rand: sampling.rand.filter(|_| is_new_rand),
        sampled: sampling.sampled.filter(|_| sampling.is_local),
        ..sampling
    };
    write_sampling(baggage, added);
}

impl From<Baggage> for DynamicSamplingContext {
    fn from(baggage: Baggage) -> Self {
        Self { baggage }
    }
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

/// A Dynamic Sampling Context that is a draft until its first use, and frozen from then on.
pub(crate) struct FreezingContext {
    /// `None` once the context is frozen.
    draft: Mutex<Option<Draft>>,
    frozen: OnceLock<DynamicSamplingContext>,
}

struct Draft {
    context: DynamicSamplingContext,
    takes_name: bool,
    has_public_name: bool,
}

impl FreezingContext {
    /// A draft with the name of the root span; `takes_name` says whether the context shows it.
    #[inline]
    pub(crate) fn new(
        context: DynamicSamplingContext,
        takes_name: bool,
        name: &TransactionName<'_>,
    ) -> Self {
        let mut draft = Draft {
            context,
            takes_name,
            has_public_name: false,
        };
        draft.rename(name);
        Self {
            draft: Mutex::new(Some(draft)),
            frozen: OnceLock::new(),
        }
    }

    /// Freezes the context at the first call.
    pub(crate) fn freeze(&self) -> &DynamicSamplingContext {
        self.frozen.get_or_init(|| {
            let draft = self.draft().take();
            draft.map(|draft| draft.context).unwrap_or_default()
        })
    }

    /// The context, if it is frozen.
    pub(crate) fn get(&self) -> Option<&DynamicSamplingContext> {
        self.frozen.get()
    }

    /// Renames the root span, and calls `also` to rename it elsewhere; `false` once frozen.
    pub(crate) fn rename(&self, name: &TransactionName<'_>, also: impl FnOnce()) -> bool {
        let mut draft = self.draft();
        let Some(draft) = draft.as_mut() else {
            return false;
        };
        draft.rename(name);
        also();
        true
    }

    /// Whether the root span is still named after a URL and can be renamed.
    #[cfg(feature = "axum")]
    pub(crate) fn lacks_public_name(&self) -> bool {
        self.draft()
            .as_ref()
            .is_some_and(|draft| !draft.has_public_name)
    }

    fn draft(&self) -> MutexGuard<'_, Option<Draft>> {
        self.draft.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Draft {
    #[inline]
    fn rename(&mut self, name: &TransactionName<'_>) {
        let had_public_name = mem::replace(&mut self.has_public_name, name.is_public());
        if !self.takes_name {
            return;
        }
        if had_public_name {
            self.context.baggage.remove("transaction");
        }
        if name.is_public() {
            self.context.baggage.push("transaction", name);
        }
    }
}
