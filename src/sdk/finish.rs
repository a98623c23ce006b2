use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock};
use std::thread;

use sentry::Hub;

/// Alive for as long as the SDK's own thread-local hub is: made after it, so destroyed before it.
struct Sentinel;

impl Drop for Sentinel {
    fn drop(&mut self) {}
}

thread_local! {
    static SENTINEL: Sentinel = {
        drop(Hub::current());
        Sentinel
    };
    // Without a destructor, so that it can be asked until the very end of a thread.
    static WAS_SEEN: Cell<bool> = const { Cell::new(false) };
}

/// Whether the SDK may use this thread's thread-locals; from now on [`is_live`] knows. Not for
/// destructors.
pub(super) fn see_this_thread() -> bool {
    WAS_SEEN.set(true);
    SENTINEL.try_with(|_| ()).is_ok()
}

/// Whether the SDK may use this thread's thread-locals, as far as is known: to find out on a thread
/// that was never seen could be a panic already.
pub(super) fn is_live() -> bool {
    WAS_SEEN.get() && SENTINEL.try_with(|_| ()).is_ok()
}

/// Runs `f`, which may be in a destructor: the SDK panics over a lock that a panic of a handler has
/// poisoned, and a second panic would take the process along.
fn without_panic(f: impl FnOnce()) {
    drop(catch_unwind(AssertUnwindSafe(f)));
}

/// Runs `f`, which reports nothing: its own panic neither, of which the SDK would tell on the span that
/// it has just locked, and wait for ever.
pub(super) fn silently(f: impl FnOnce()) {
    static NOBODY: LazyLock<Arc<Hub>> = LazyLock::new(|| Arc::new(Hub::new(None, Arc::default())));

    without_panic(|| {
        if is_live() {
            Hub::run(Arc::clone(&NOBODY), f);
        } else {
            f();
        }
    });
}

/// Runs `f` where the SDK may use its thread-locals, which a thread that is being torn down has lost.
///
/// The SDK would panic there, within a destructor, and take the process along. So `f` runs on this
/// thread only where it is known to be alive, and on a thread of its own elsewhere.
pub(super) fn on_live_thread(f: impl FnOnce() + Send + 'static) {
    if is_live() {
        without_panic(f);
    } else if let Ok(thread) = thread::Builder::new().spawn(|| without_panic(f)) {
        // There a thread cannot start while another one is being torn down: this would never end.
        if !cfg!(windows) {
            let _panicked = thread.join();
        }
    }
}
