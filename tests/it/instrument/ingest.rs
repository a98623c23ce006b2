//! An ingest that goes by a script: what it does with each connection, and what it has seen.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// What the ingest does with a connection on which an envelope comes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// Answers and waits for the next one.
    Answer,
    /// Answers, and closes the connection when the test lets it.
    AnswerAndClose,
    /// Closes the connection before it has read the envelope, so that it is reset.
    Reset,
    /// Reads the envelope and closes the connection.
    Close,
    /// Answers when the test lets it.
    AnswerLate,
}

/// An ingest that goes by a script, and the events that it reports.
pub(super) struct Ingest {
    pub(super) address: SocketAddr,
    pub(super) events: Receiver<Event>,
    pub(super) go_on: Sender<()>,
}

struct Script {
    acts: Mutex<VecDeque<Act>>,
    events: Mutex<Sender<Event>>,
    go_on: Mutex<Receiver<()>>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event {
    Connected,
    /// The message of the event that was received.
    Received(String),
    Closed,
}

impl Ingest {
    pub(super) fn start(acts: &[Act]) -> Self {
        Self::start_at("127.0.0.1:0".parse().unwrap(), acts, usize::MAX)
    }

    /// Starts one that stops listening after so many connections.
    pub(super) fn start_at(address: SocketAddr, acts: &[Act], connections: usize) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let (tell, events) = mpsc::channel();
        let (go_on, may_go_on) = mpsc::channel();
        let script = Arc::new(Script {
            acts: Mutex::new(acts.iter().copied().collect()),
            events: Mutex::new(tell),
            go_on: Mutex::new(may_go_on),
        });
        let address = listener.local_addr().unwrap();
        thread::spawn(move || serve(&listener, &script, connections));
        Self {
            address,
            events,
            go_on,
        }
    }

    /// Lets the connection be closed, once the client is not looking at it.
    pub(super) fn close(&self) {
        self.go_on.send(()).unwrap();
    }

    pub(super) fn next(&self) -> Event {
        self.events.recv_timeout(PATIENCE).unwrap()
    }

    /// Asserts that nothing else has happened until now.
    pub(super) fn assert_quiet(&self) {
        assert_eq!(self.events.try_recv().ok(), None);
    }
}

impl Script {
    fn tell(&self, event: Event) {
        let _test_is_over = self.events.lock().unwrap().send(event);
    }

    /// Closes a connection and reports that, before an event that the client causes in response.
    fn close(&self, connection: TcpStream) {
        let events = self.events.lock().unwrap();
        drop(connection);
        let _test_is_over = events.send(Event::Closed);
    }

    fn wait(&self) {
        self.go_on.lock().unwrap().recv_timeout(PATIENCE).unwrap();
    }

    fn next(&self) -> Option<Act> {
        self.acts.lock().unwrap().pop_front()
    }
}

fn serve(listener: &TcpListener, script: &Arc<Script>, connections: usize) {
    for connection in listener.incoming().take(connections) {
        script.tell(Event::Connected);
        let script = Arc::clone(script);
        thread::spawn(move || {
            let connection = connection.unwrap();
            play(&connection, &script);
            script.close(connection);
        });
    }
}

fn play(connection: &TcpStream, script: &Script) {
    // The first byte of an envelope is there, or the end.
    while connection.peek(&mut [0]).is_ok_and(|len| len > 0) {
        let Some(act) = script.next() else { return };
        if act == Act::Reset {
            return;
        }
        script.tell(Event::Received(receive(connection)));
        match act {
            Act::Answer => answer(connection),
            Act::AnswerLate => {
                script.wait();
                answer(connection);
            }
            Act::AnswerAndClose => {
                answer(connection);
                return script.wait();
            }
            Act::Close | Act::Reset => return,
        }
    }
}

/// Reads a request and returns the message of the event in it.
fn receive(connection: &TcpStream) -> String {
    let mut reader = BufReader::new(connection);
    let mut len = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            len = value.trim().parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; len];
    reader.read_exact(&mut body).unwrap();
    let body = String::from_utf8(body).unwrap();
    let (_, message) = body.split_once(r#""message":""#).unwrap();
    message.split('"').next().unwrap().to_owned()
}

fn answer(mut connection: &TcpStream) {
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
    connection.write_all(answer).unwrap();
}
