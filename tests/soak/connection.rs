//! A client's connection: as much of HTTP/1.1 as this server speaks.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::sleep;

const END_OF_HEAD: &str = "\r\n\r\n";
const LAST_CHUNK: &str = "\r\n0\r\n\r\n";

pub(crate) struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.set_nodelay(true)?;
        // Little waits in the kernel for a reader who is slow.
        socket.set_recv_buffer_size(32 * 1024)?;
        Ok(Self {
            stream: socket.connect(address).await?,
            read: Vec::new(),
        })
    }

    pub(crate) async fn ask(&mut self, request: &[u8]) -> io::Result<()> {
        self.read.clear();
        self.stream.write_all(request).await
    }

    /// A response with nothing behind its head.
    pub(crate) async fn head(&mut self) -> io::Result<String> {
        self.read_until(|text| text.ends_with(END_OF_HEAD)).await
    }

    /// A response with its body.
    pub(crate) async fn response(&mut self) -> io::Result<String> {
        self.read_until(is_whole).await
    }

    /// What has come once these words have.
    pub(crate) async fn words(&mut self, words: &str) -> io::Result<String> {
        self.read_until(|text| text.contains(words)).await
    }

    /// What comes until the server hangs up.
    pub(crate) async fn rest(mut self) -> String {
        // Whether a connection is closed or broken is the system's affair.
        let _broken = self.stream.read_to_end(&mut self.read).await;
        String::from_utf8_lossy(&self.read).into_owned()
    }

    /// Reads a long response and takes its time: whether it came to its end.
    pub(crate) async fn read_slowly(&mut self) -> io::Result<bool> {
        let mut piece = vec![0; 64 * 1024];
        loop {
            let len = self.stream.read(&mut piece).await?;
            if len == 0 || piece[..len].ends_with(LAST_CHUNK.as_bytes()) {
                return Ok(len > 0);
            }
            sleep(Duration::from_millis(1)).await;
        }
    }

    async fn read_until(&mut self, is_enough: impl Fn(&str) -> bool) -> io::Result<String> {
        loop {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            match str::from_utf8(&self.read) {
                Ok(text) if is_enough(text) => return Ok(text.to_owned()),
                _ => {}
            }
        }
    }
}

fn is_whole(response: &str) -> bool {
    let Some((head, body)) = response.split_once(END_OF_HEAD) else {
        return false;
    };
    match head.split_once("content-length: ") {
        Some((_, length)) => {
            length.lines().next().and_then(|it| it.parse().ok()) == Some(body.len())
        }
        None => body.ends_with(LAST_CHUNK),
    }
}

/// Whether a body that is sent in chunks has come to its end.
pub(crate) fn has_ended(response: &str) -> bool {
    response.ends_with(LAST_CHUNK)
}
