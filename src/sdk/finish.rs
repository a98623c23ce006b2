use std::cell::Cell;
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

/// Notes that this thread is alive, for [`on_live_thread`]. Not for destructors.
pub(super) fn see_this_thread() {
    if !WAS_SEEN.replace(true) {
        SENTINEL.with(|_| ());
    }
}

/// Runs `f` where the SDK may use its thread-locals, which a thread that is being torn down has lost.
///
/// The SDK would panic there, within a destructor, and take the process along. So `f` runs on this
/// thread only where it is known to be alive, and on a thread of its own elsewhere.
pub(super) fn on_live_thread(f: impl FnOnce() + Send + 'static) {
    if WAS_SEEN.get() && SENTINEL.try_with(|_| ()).is_ok() {
        f();
    } else if let Ok(thread) = thread::Builder::new().spawn(f) {
        let _panicked = thread.join();
    }
}
