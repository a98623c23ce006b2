//! The server that `benches/load/run` asks for pages: `load bare|idle|least|transaction|ours|sentry-tower [RATE]`.
//!
//! With a rate a Sentry client is bound, whose transport does nothing. One worker; it prints its
//! address, and stops when its standard input ends.

#[path = "../instructions/least.rs"]
mod least;
#[path = "../scenario/mod.rs"]
#[expect(dead_code, reason = "not all of it is used by each")]
mod scenario;
mod site;

use std::error::Error;
use std::io::Read as _;
use std::sync::Arc;
use std::{env, io, thread};

use axum::Router;
use tokio::net::TcpListener;

use crate::least::Least;

fn app(kind: &str) -> Option<Router> {
    Some(match kind {
        "bare" => site::bare(),
        "idle" => site::idle(),
        "least" => site::bare().layer(Least::default()),
        "transaction" => site::bare().layer(Least::with_transaction()),
        "ours" => site::ours(),
        "sentry-tower" => site::sentry_tower(),
        _ => return None,
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let Some(app) = args.next().and_then(|kind| app(&kind)) else {
        println!("started by benches/load/run");
        return Ok(());
    };
    let rate = args.next().map(|rate| rate.parse()).transpose()?;
    let client = rate.map(|rate| Arc::new(scenario::client(rate, Arc::default())));
    sentry::Hub::current().bind_client(client);

    let stops = thread::spawn(|| io::stdin().read_to_end(&mut Vec::new()));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    runtime.spawn(async move {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        axum::serve(listener, app).await
    });
    let _input = stops.join();
    Ok(())
}
