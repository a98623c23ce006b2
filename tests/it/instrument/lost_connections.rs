//! Rule: no envelope is lost to a connection that the ingest has closed in the meantime, and none is sent
//! twice that may have been received.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use sentry::{Client, ClientOptions, Hub, Level};
use sentry_ssr::Instrumentation;

use super::ingest::{Act, Event, Ingest, PATIENCE};

type Instrument = fn(ClientOptions) -> ClientOptions;

const TRANSPORTS: &[(&str, Instrument)] = &[
    #[cfg(feature = "ureq")]
    ("ureq", |options| {
        Instrumentation::new().ureq().apply(options)
    }),
    #[cfg(feature = "reqwest")]
    ("reqwest", |options| {
        Instrumentation::new().reqwest().apply(options)
    }),
];

fn client(instrument: Instrument, address: SocketAddr) -> Arc<Client> {
    let dsn = format!("http://public@{address}/42");
    let options = ClientOptions::new().dsn(dsn.as_str());
    Arc::new(Client::from(instrument(options)))
}

/// Sends an event, and returns once its transport is done with it.
fn send(client: &Arc<Client>, message: &str) {
    let hub = Hub::new(Some(Arc::clone(client)), Arc::default());
    hub.capture_message(message, Level::Error);
    assert!(client.flush(Some(PATIENCE)));
}

fn received(message: &str) -> Event {
    Event::Received(message.to_owned())
}

#[test]
fn an_ingest_that_closes_idle_connections_gets_all() {
    for (name, instrument) in TRANSPORTS {
        let ingest = Ingest::start(&[Act::AnswerAndClose; 6]);
        let client = client(*instrument, ingest.address);
        for message in ["1", "2", "3", "4", "5", "6"] {
            send(&client, message);
            assert_eq!(ingest.next(), Event::Connected, "{name} {message}");
            assert_eq!(ingest.next(), received(message), "{name} {message}");
            ingest.close();
            assert_eq!(ingest.next(), Event::Closed, "{name} {message}");
        }
        ingest.assert_quiet();
    }
}

#[test]
fn an_ingest_that_has_restarted_gets_all() {
    for (name, instrument) in TRANSPORTS {
        let old = Ingest::start_at("127.0.0.1:0".parse().unwrap(), &[Act::AnswerAndClose], 1);
        let client = client(*instrument, old.address);
        send(&client, "1");
        old.close();
        for expected in [Event::Connected, received("1"), Event::Closed] {
            assert_eq!(old.next(), expected, "{name}");
        }
        let new = Ingest::start_at(old.address, &[Act::Answer], usize::MAX);
        send(&client, "2");
        assert_eq!(new.next(), Event::Connected, "{name}");
        assert_eq!(new.next(), received("2"), "{name}");
        new.assert_quiet();
    }
}

#[test]
fn what_was_reset_before_it_was_read_is_sent_again() {
    for (name, instrument) in TRANSPORTS {
        let ingest = Ingest::start(&[Act::Answer, Act::Reset, Act::Answer]);
        let client = client(*instrument, ingest.address);
        send(&client, "1");
        send(&client, "2");
        for expected in [
            Event::Connected,
            received("1"),
            Event::Closed,
            Event::Connected,
            received("2"),
        ] {
            assert_eq!(ingest.next(), expected, "{name}");
        }
        ingest.assert_quiet();
    }
}

#[test]
fn what_is_reset_twice_is_lost() {
    for (name, instrument) in TRANSPORTS {
        let ingest = Ingest::start(&[Act::Reset, Act::Reset, Act::Answer]);
        let client = client(*instrument, ingest.address);
        send(&client, "1");
        send(&client, "2");
        let connected = || assert_eq!(ingest.next(), Event::Connected, "{name}");
        for _ in 0..2 {
            connected();
            assert_eq!(ingest.next(), Event::Closed, "{name}");
        }
        connected();
        assert_eq!(ingest.next(), received("2"), "{name}");
    }
}

#[test]
fn what_may_have_been_received_is_not_sent_again() {
    for (name, instrument) in TRANSPORTS {
        for before in [&[][..], &[Act::Answer]] {
            let acts = [before, &[Act::Close, Act::Answer]].concat();
            let ingest = Ingest::start(&acts);
            let client = client(*instrument, ingest.address);
            let mut expected = vec![Event::Connected];
            for _ in before {
                send(&client, "0");
                expected.push(received("0"));
            }
            send(&client, "1");
            send(&client, "2");
            expected.extend([
                received("1"),
                Event::Closed,
                Event::Connected,
                received("2"),
            ]);
            for expected in expected {
                assert_eq!(ingest.next(), expected, "{name}");
            }
            ingest.assert_quiet();
        }
    }
}

#[test]
fn what_is_answered_late_is_not_sent_again() {
    for (name, instrument) in TRANSPORTS {
        let ingest = Ingest::start(&[Act::AnswerLate, Act::Answer]);
        let client = client(*instrument, ingest.address);
        let sender = {
            let client = Arc::clone(&client);
            thread::spawn(move || send(&client, "1"))
        };
        assert_eq!(ingest.next(), Event::Connected, "{name}");
        assert_eq!(ingest.next(), received("1"), "{name}");
        thread::sleep(IDLE);
        ingest.assert_quiet();
        ingest.go_on.send(()).unwrap();
        sender.join().unwrap();
        send(&client, "2");
        assert_eq!(ingest.next(), received("2"), "{name}");
        ingest.assert_quiet();
    }
}

/// More than a connection may be idle.
const IDLE: Duration = Duration::from_millis(4_500);

#[test]
fn a_connection_that_was_idle_for_long_is_not_used() {
    for (name, instrument) in TRANSPORTS {
        let ingest = Ingest::start(&[Act::Answer; 2]);
        let client = client(*instrument, ingest.address);
        send(&client, "1");
        thread::sleep(IDLE);
        send(&client, "2");
        let events: Vec<_> = (0..4).map(|_| ingest.next()).collect();
        let connected = events.iter().filter(|event| **event == Event::Connected);
        assert_eq!(connected.count(), 2, "{name} {events:?}");
    }
}

#[test]
fn a_connection_is_used_again() {
    for (name, instrument) in TRANSPORTS {
        let ingest = Ingest::start(&[Act::Answer; 20]);
        let client = client(*instrument, ingest.address);
        let hub = Hub::new(Some(Arc::clone(&client)), Arc::default());
        for _ in 0..20 {
            hub.capture_message("1", Level::Error);
        }
        assert!(client.flush(Some(PATIENCE)));
        let connected = ingest
            .events
            .try_iter()
            .filter(|event| *event == Event::Connected);
        assert!(connected.count() < 20, "{name}");
    }
}
