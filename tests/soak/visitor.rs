//! A client that sends one request after the other, each as its kind demands.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::book::Book;
use crate::caller::trace_id;
use crate::connection::{Connection, has_ended};
use crate::kind::{Kind, Manners};
use crate::memory::Memory;
use crate::server::FIRST_WORDS;

/// How long one request may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Visitor {
    address: SocketAddr,
    book: Arc<Book>,
    memory: Arc<Memory>,
    kept: Option<Connection>,
}

impl Visitor {
    pub(crate) fn new(address: SocketAddr, book: &Arc<Book>, memory: &Arc<Memory>) -> Self {
        Self {
            address,
            book: Arc::clone(book),
            memory: Arc::clone(memory),
            kept: None,
        }
    }

    /// Visits until there were enough requests.
    pub(crate) async fn run(mut self) {
        while let Some(number) = self.book.open() {
            self.memory.note(number);
            match timeout(PATIENCE, self.visit(number)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => self.book.fault(number, &error.to_string()),
                Err(_) => self.book.fault(number, "took too long"),
            }
        }
    }

    async fn visit(&mut self, number: usize) -> io::Result<()> {
        let manners = Kind::of(number).manners;
        let mut connection = match self.kept.take() {
            Some(kept) if stays(manners) => kept,
            kept => {
                self.kept = kept;
                Connection::open(self.address).await?
            }
        };
        connection.ask(&self.request(number)).await?;
        match manners {
            Manners::LeavesAtOnce => {}
            Manners::LeavesUnanswered => self.until_it_came(number).await,
            Manners::LeavesMidway => drop(connection.words(FIRST_WORDS).await?),
            Manners::ReadsSlowly => expect(connection.read_slowly().await?, "cut short")?,
            Manners::IsLeft => expect(!has_ended(&connection.rest().await), "came to an end")?,
            Manners::ReadsPage => {
                let page = connection.response().await?;
                self.read_page(number, &page)?;
                self.kept = Some(connection);
            }
            Manners::Reads(code) => {
                expect_code(&connection.response().await?, code)?;
                self.kept = Some(connection);
            }
            Manners::ReadsHead(code) => {
                expect_code(&connection.head().await?, code)?;
                self.kept = Some(connection);
            }
        }
        Ok(())
    }

    fn request(&self, number: usize) -> Vec<u8> {
        let Kind {
            request, caller, ..
        } = Kind::of(number);
        let host = self.address;
        let mut head =
            format!("{request}/{number} HTTP/1.1\r\nhost: {host}\r\naccept: text/html\r\n")
                .into_bytes();
        head.extend(caller.headers(number));
        head.extend(b"\r\n");
        head
    }

    fn read_page(&self, number: usize, page: &str) -> io::Result<()> {
        expect_code(page, 200)?;
        let tag = page.split_once(r#"<meta name="sentry-trace" content=""#);
        let named = tag
            .and_then(|(_, value)| value.get(..32))
            .unwrap_or_default();
        let is_continued = !Kind::of(number).caller.has_trace() || named == trace_id(number);
        expect(is_continued, "the page does not continue the trace")?;
        self.book.overlay(number, named);
        Ok(())
    }

    async fn until_it_came(&self, number: usize) {
        while !self.book.has_come(number) {
            sleep(Duration::from_millis(1)).await;
        }
    }
}

/// Whether a connection goes on behind such a request.
const fn stays(manners: Manners) -> bool {
    matches!(
        manners,
        Manners::ReadsPage | Manners::Reads(_) | Manners::ReadsHead(_)
    )
}

fn expect(is_so: bool, otherwise: &str) -> io::Result<()> {
    if is_so {
        Ok(())
    } else {
        Err(io::Error::other(otherwise))
    }
}

fn expect_code(response: &str, code: u16) -> io::Result<()> {
    let is_so = response.starts_with(&format!("HTTP/1.1 {code} "));
    expect(is_so, response)
}
