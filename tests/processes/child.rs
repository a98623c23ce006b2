//! A new process for a test.

use std::any::type_name;
use std::env;
use std::process::Command;

const IS_CHILD: &str = "SENTRY_SSR_TEST_CHILD";
const DONE: &str = "<done>";

/// Runs a closure in a process of its own, which runs nothing but the test that the closure stands in.
#[track_caller]
pub(crate) fn in_own_process<F: FnOnce()>(run: F) {
    if env::var_os(IS_CHILD).is_some() {
        run();
        println!("{DONE}");
        return;
    }
    let child = Command::new(env::current_exe().unwrap())
        .args([test_around::<F>(), "--exact", "--nocapture"])
        .env(IS_CHILD, "1")
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&child.stdout) + String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success(), "{}: {output}", child.status);
    assert!(output.contains(DONE), "{output}");
}

/// The name of the test that a closure stands in: `module::test` of `processes::module::test::{{closure}}`.
fn test_around<F>() -> &'static str {
    let (path, _) = type_name::<F>().split_once("::{{closure}}").unwrap();
    path.split_once("::").unwrap().1
}
