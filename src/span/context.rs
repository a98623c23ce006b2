use std::mem;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::start::Start;
use crate::dsc::DynamicSamplingContext;
use crate::name::TransactionName;
use crate::options::TraceOptions;

/// The Dynamic Sampling Context of a root span: a draft until somebody sees it, then frozen.
pub(super) struct Context {
    /// `None` once the context is frozen.
    draft: Mutex<Option<Draft>>,
    frozen: OnceLock<DynamicSamplingContext>,
}

/// A context that nobody has seen yet.
struct Draft {
    context: DynamicSamplingContext,
    takes_name: bool,
    has_public_name: bool,
}

impl Context {
    #[inline]
    pub(super) fn new(start: Start, options: &TraceOptions, name: &TransactionName<'_>) -> Self {
        Self {
            draft: Mutex::new(Some(Draft::new(start, options, name))),
            frozen: OnceLock::new(),
        }
    }

    /// The context as it was first seen; `None` while nobody has.
    pub(super) fn frozen(&self) -> Option<&DynamicSamplingContext> {
        self.frozen.get()
    }

    pub(super) fn freeze(&self) -> &DynamicSamplingContext {
        self.frozen.get_or_init(|| {
            let draft = self.draft().take();
            draft.map(|draft| draft.context).unwrap_or_default()
        })
    }

    /// Names the root span, and by `also` whoever else knows it by name; `false` once frozen.
    pub(super) fn rename(&self, name: &TransactionName<'_>, also: impl FnOnce()) -> bool {
        let mut draft = self.draft();
        let Some(draft) = draft.as_mut() else {
            return false;
        };
        draft.rename(name);
        also();
        true
    }

    /// Whether it still goes by a URL, and could be given a better name.
    pub(super) fn wants_name(&self) -> bool {
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
    fn new(start: Start, options: &TraceOptions, name: &TransactionName<'_>) -> Self {
        let mut draft = Self {
            takes_name: start.takes_name(),
            has_public_name: false,
            context: start.into_context(options),
        };
        draft.rename(name);
        draft
    }

    #[inline]
    fn rename(&mut self, name: &TransactionName<'_>) {
        let had_public_name = mem::replace(&mut self.has_public_name, name.is_public());
        if self.takes_name {
            if had_public_name {
                self.context.remove_transaction();
            }
            self.context.set_transaction(name);
        }
    }
}
