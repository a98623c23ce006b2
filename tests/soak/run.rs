//! A run: one server, many visitors, and an end.

use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{io, thread};

use sentry::Hub;
use tokio::runtime::{Builder, Runtime};

use crate::book::Book;
use crate::memory::Memory;
use crate::visitor::{PATIENCE, Visitor};
use crate::{recorder, server};

/// Requests at once.
const VISITORS: usize = 64;

/// Sends so many requests, and waits until all that has come of them has ended.
pub(crate) fn run(requests: usize) -> (Arc<Book>, Arc<Memory>) {
    let book = Arc::new(Book::new(requests));
    let memory = Arc::new(Memory::new(requests));
    let runtime = runtime(&book).unwrap();
    let entered = runtime.enter();
    let address = server::start(Arc::clone(&book)).unwrap();
    let visitors: Vec<_> = (0..VISITORS)
        .map(|_| tokio::spawn(Visitor::new(address, &book, &memory).run()))
        .collect();
    for visitor in visitors {
        runtime.block_on(visitor).unwrap();
    }
    settle(&book);
    drop(entered);
    runtime.shutdown_timeout(PATIENCE);
    (book, memory)
}

/// A runtime on whose threads a client is bound, as `sentry::init` would bind it.
fn runtime(book: &Arc<Book>) -> io::Result<Runtime> {
    let client = recorder::client(book);
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .on_thread_start(move || Hub::current().bind_client(Some(Arc::clone(&client))))
        .build()
}

fn settle(book: &Book) {
    let start = Instant::now();
    while !book.is_settled() {
        if start.elapsed() > PATIENCE {
            book.note("not all that has come has ended with the server still up");
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
}
