//! The hubs that tasks run under, and whether a thread may still use one.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock};
use std::thread;

use sentry::Hub;

/// The hub that a task runs under.
#[derive(Clone)]
pub(crate) struct TaskHub(pub(super) Option<Arc<Hub>>);

impl TaskHub {
    pub(crate) const NONE: Self = Self(None);

    /// Runs `f` with this hub as the current one. Not for destructors.
    pub(crate) fn run<R>(self, f: impl FnOnce() -> R) -> R {
        match self.0 {
            Some(hub) if register() => Hub::run(hub, f),
            _ => f(),
        }
    }

    /// The same for destructors. A thread that is being torn down runs `f` without the hub.
    pub(crate) fn run_in_drop(self, f: impl FnOnce()) {
        match self.0 {
            Some(hub) if is_live() => Hub::run(hub, f),
            _ => f(),
        }
    }
}

/// A hub without a client: what is started or run there reports nothing.
pub(super) static SILENT_HUB: LazyLock<Arc<Hub>> =
    LazyLock::new(|| Arc::new(Hub::new(None, Arc::default())));

/// Created after the SDK's thread-local hub, so destroyed before it.
struct Sentinel;

impl Drop for Sentinel {
    fn drop(&mut self) {}
}

thread_local! {
    static SENTINEL: Sentinel = {
        drop(Hub::current());
        Sentinel
    };
    // Without a destructor, so that it stays readable until the thread ends.
    static IS_REGISTERED: Cell<bool> = const { Cell::new(false) };
}

/// Whether the SDK may use this thread's thread-locals, and registers the thread for [`is_live`]. Not for
/// destructors.
pub(super) fn register() -> bool {
    IS_REGISTERED.set(true);
    SENTINEL.try_with(|_| ()).is_ok()
}

/// Whether the SDK may use this thread's thread-locals. An unregistered thread counts as not live, because
/// asking the SDK itself could panic there.
pub(super) fn is_live() -> bool {
    IS_REGISTERED.get() && SENTINEL.try_with(|_| ()).is_ok()
}

/// Runs `f` and catches its panic. The SDK panics if a panic in the handler has poisoned a lock, and a second
/// panic in a destructor would abort the process.
fn without_panic(f: impl FnOnce()) {
    drop(catch_unwind(AssertUnwindSafe(f)));
}

/// Runs `f` so that it reports nothing. That includes a panic of its own: the SDK would report it on the
/// span that it has just locked, and deadlock.
pub(super) fn silently(f: impl FnOnce()) {
    without_panic(|| {
        if is_live() {
            Hub::run(Arc::clone(&SILENT_HUB), f);
        } else {
            f();
        }
    });
}

/// Runs `f` on a thread whose thread-locals the SDK may use: on this one if it is live, else on a new one.
///
/// On a thread that is being torn down the SDK would panic in a destructor, which aborts the process.
pub(super) fn on_live_thread(f: impl FnOnce() + Send + 'static) {
    if is_live() {
        without_panic(f);
    } else if let Ok(thread) = thread::Builder::new().spawn(|| without_panic(f)) {
        // On Windows a thread cannot start while another one is torn down, so joining it would never return.
        if !cfg!(windows) {
            let _panicked = thread.join();
        }
    }
}
