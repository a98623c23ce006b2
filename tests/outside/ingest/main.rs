//! A Sentry ingest for HTTP and HTTPS. It prints the DSN of each and the path of its root certificate, then a
//! line for each envelope; and serves until its standard input ends.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::{env, fs, process, thread};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A configuration whose certificate is signed by the root in this file.
fn tls(root: &Path) -> Arc<ServerConfig> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    fs::write(root, issuer.pem()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let config = ServerConfig::builder().with_no_client_auth();
    Arc::new(
        config
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap(),
    )
}

/// Answers the requests of a connection until it ends, or is not understood.
fn serve(stream: impl Read + Write) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut len = 0;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                len = value.trim().parse().unwrap();
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; len];
        stream.read_exact(&mut body)?;
        println!("{}", String::from_utf8_lossy(&body).replace('\n', " "));
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
        stream.get_mut().write_all(answer)?;
        stream.get_mut().flush()?;
    }
}

/// Serves each connection on a thread of its own; the port.
fn listen(serve: impl Fn(TcpStream) + Clone + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = serve.clone();
            thread::spawn(move || serve(stream));
        }
    });
    port
}

fn main() {
    let root = env::temp_dir().join(format!("outside-{}.pem", process::id()));
    let tls = tls(&root);
    let http = listen(|stream| drop(serve(stream)));
    let https = listen(move |stream| {
        let connection = ServerConnection::new(Arc::clone(&tls)).unwrap();
        drop(serve(StreamOwned::new(connection, stream)));
    });
    println!("http://public@localhost:{http}/42");
    println!("https://public@localhost:{https}/42");
    println!("{}", root.display());
    let _end = io::stdin().read_to_end(&mut Vec::new());
    fs::remove_file(root).unwrap();
}
