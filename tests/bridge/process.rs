//! Tests that need a process of their own, because what they try could abort it.

use std::env;
use std::process::Command;

use crate::{adoption, teardown, trace};

const CASE: &str = "SENTRY_SSR_TEST_CASE";

/// The cases, each run by [`in_process`] in a process of its own.
const CASES: &[(&str, fn())] = &[
    ("leftover of the process", adoption::leftover_of_the_process),
    ("older than the client", trace::older_than_the_client),
    ("never saw the SDK", teardown::never_saw_the_sdk),
    ("saw the SDK before", teardown::saw_the_sdk_before),
    ("saw the SDK after", teardown::saw_the_sdk_after),
    ("saw only the SDK", teardown::saw_only_the_sdk),
    ("future", teardown::future),
    ("body", teardown::body),
    ("in scope", teardown::in_scope),
];

/// Runs a case as the only test of a new process.
#[track_caller]
pub(crate) fn in_process(case: &str) {
    let child = Command::new(env::current_exe().unwrap())
        .args(["process::child", "--exact", "--ignored", "--nocapture"])
        .env(CASE, case)
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&child.stdout) + String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success(), "{}: {output}", child.status);
    assert!(output.contains(&format!("done: {case}")), "{output}");
}

#[test]
#[ignore = "run by in_process"]
fn child() {
    let Ok(wanted) = env::var(CASE) else { return };
    let (_, run) = CASES.iter().find(|(name, _)| *name == wanted).unwrap();
    run();
    println!("done: {wanted}");
}
