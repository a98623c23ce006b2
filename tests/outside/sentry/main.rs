//! The feature `sentry`: the root span is a transaction of the SDK, which sends it by a transport of the user's.

#[path = "../page.rs"]
mod page;

use std::sync::{Arc, Mutex};

use sentry::{ClientOptions, Envelope, Transport};
use sentry_ssr::instrument;

#[derive(Default)]
struct Sent(Mutex<Vec<u8>>);

impl Transport for Sent {
    fn send_envelope(&self, envelope: Envelope) {
        envelope.to_writer(&mut *self.0.lock().unwrap()).unwrap();
    }
}

fn main() {
    let sent = Arc::new(Sent::default());
    let options = ClientOptions::new()
        .dsn("https://public@localhost/42")
        .traces_sample_rate(1.0)
        .transport(Arc::clone(&sent));
    let guard = sentry::init(instrument(options));
    page::visit();
    drop(guard);

    let sent = String::from_utf8(sent.0.lock().unwrap().clone()).unwrap();
    for part in [
        r#""trace":{"release":"app@1.0""#,
        r#""type":"transaction""#,
        page::TRACE,
        r#""referer":"https://shop.test/""#,
    ] {
        assert!(sent.contains(part), "no {part} in {sent}");
    }
    assert!(!sent.contains("secret"), "{sent}");
}
