//! Sends envelopes to an ingest by HTTP and HTTPS, each from a process of its own.

use std::env;
use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

use sentry::ClientOptions;
use sentry_ssr::{Instrumentation, RootSpan, TraceOptions, TransactionName};

type Instrument = fn(ClientOptions) -> ClientOptions;

/// A name, how to choose it, and whether it trusts the system's root certificates.
pub type Choice<'a> = (&'a str, Instrument, bool);

/// What the ingest prints: its addresses, then a line for each envelope.
struct Ingest {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Ingest {
    fn start() -> Self {
        let mut process = Command::new(env::var("INGEST").unwrap())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, lines }
    }

    fn line(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }
}

impl Drop for Ingest {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        self.process.wait().unwrap();
    }
}

/// How a process sends, and whether what it sends arrives.
struct Case<'a> {
    dsn: &'a str,
    accepts_any_certificate: bool,
    roots: &'a str,
    arrives: bool,
}

/// Sends a transaction in each way.
pub fn run(transports: &[Choice<'_>]) {
    let mut args = env::args().skip(1);
    if let Some(name) = args.next() {
        let (_, instrument, _) = transports
            .iter()
            .find(|(other, ..)| *other == name)
            .unwrap();
        return send(*instrument, &args.next().unwrap(), args.next().is_some());
    }
    let mut ingest = Ingest::start();
    let [http, https, roots] = std::array::from_fn(|_| ingest.line());
    let case = |dsn, accepts_any_certificate, roots, arrives| Case {
        dsn,
        accepts_any_certificate,
        roots,
        arrives,
    };
    for (name, _, reads_roots) in transports {
        for case in [
            case(&http, false, "", true),
            case(&http, false, "/nowhere", true),
            case(&https, true, "", true),
            case(&https, false, "", false),
            case(&https, false, "/nowhere", false),
            case(&https, false, &roots, *reads_roots),
        ] {
            check(&mut ingest, name, &case);
        }
    }
}

fn check(ingest: &mut Ingest, name: &str, case: &Case<'_>) {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args([name, case.dsn])
        .env_remove("SSL_CERT_FILE")
        .env_remove("SSL_CERT_DIR");
    if case.accepts_any_certificate {
        command.arg("accepts any certificate");
    }
    if !case.roots.is_empty() {
        command
            .env("SSL_CERT_FILE", case.roots)
            .env("SSL_CERT_DIR", "/nowhere");
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{name}: {output:?}");
    println!("{name} {} {}: {}", case.dsn, case.roots, case.arrives);
    if !case.arrives {
        return;
    }
    let envelope = ingest.line();
    for part in [
        r#""trace":{"#,
        r#""type":"transaction""#,
        r#""transaction":"GET /{id}""#,
    ] {
        assert!(envelope.contains(part), "{name}: no {part} in {envelope}");
    }
}

fn send(instrument: Instrument, dsn: &str, accepts_any_certificate: bool) {
    let options = ClientOptions::new()
        .dsn(dsn)
        .traces_sample_rate(1.0)
        .accept_invalid_certs(accepts_any_certificate);
    let guard = sentry::init(instrument(options));
    let name = TransactionName::route("GET", "/{id}");
    drop(RootSpan::start(&TraceOptions::of_client(), None, &name));
    assert!(guard.close(None));
}

#[allow(dead_code, reason = "not every crate names one")]
pub fn preferred(options: ClientOptions) -> ClientOptions {
    Instrumentation::new().apply(options)
}
