//! The trace in the variables of a child process.

use std::env;
use std::process::Command;

use sentry_ssr::{IncomingTrace, RootSpan, TraceOptions, TransactionName};

use crate::support::ids::SENTRY_TRACE;

fn span(baggage: &str) -> RootSpan {
    let incoming = IncomingTrace::parse([SENTRY_TRACE], [baggage]);
    let name = TransactionName::route("GET", "/");
    RootSpan::start(&TraceOptions::new(), incoming, &name)
}

/// The part of the next test that runs in the child process.
#[test]
fn child_process() {
    if let Some(incoming) = IncomingTrace::from_env() {
        println!("<{} {}>", incoming.sentry_trace(), incoming.baggage());
    }
}

#[tokio::test]
async fn a_child_process_reads_the_trace_back() {
    let program = env::current_exe().unwrap();
    let arguments = ["--exact", "environment::child_process", "--nocapture"];
    for baggage in ["sentry-sample_rand=0.5,sentry-new=%C3%A9", ""] {
        let span = span(baggage);
        let expected = format!("<{} {}>", span.sentry_trace(), span.baggage());

        let mut command = Command::new(&program);
        command
            .args(arguments)
            .env("SENTRY_BAGGAGE", "sentry-stale=1")
            .envs(span.outgoing().env_vars());
        let output = String::from_utf8(command.output().unwrap().stdout).unwrap();
        assert!(output.contains(&expected), "{expected} in {output}");

        let mut command = tokio::process::Command::new(&program);
        command.args(arguments).envs(span.outgoing().env_vars());
        let output = String::from_utf8(command.output().await.unwrap().stdout).unwrap();
        assert!(output.contains(&expected), "{expected} in {output}");
    }
    let output = Command::new(&program).args(arguments).output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    assert!(output.contains("1 passed"), "the child ran: {output}");
    assert!(!output.contains('<'), "no variables, no trace");
}
