//! Reading a baggage header by its length: the time for a byte is the same for all of them.
//!
//! `cargo bench --bench parse`

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use sentry_ssr::{Baggage, IncomingTrace};

fn main() {
    divan::main();
}

const LENGTHS: [usize; 8] = [64, 128, 256, 512, 1024, 2048, 4096, 8192];

/// As many entries as fit, each with something to decode.
fn header(len: usize, prefix: &str) -> String {
    let mut header = String::new();
    for key in 0.. {
        let entry = format!("{prefix}k{key}=value%20{key}");
        if header.len() + 1 + entry.len() > len {
            break;
        }
        if !header.is_empty() {
            header.push(',');
        }
        header.push_str(&entry);
    }
    header
}

#[divan::bench(args = LENGTHS)]
fn ours(bencher: Bencher, len: usize) {
    parse(bencher, &header(len, "sentry-"));
}

#[divan::bench(args = LENGTHS)]
fn of_other_vendors(bencher: Bencher, len: usize) {
    parse(bencher, &header(len, "vendor-"));
}

/// The worst for a list: nothing but commas.
#[divan::bench(args = LENGTHS)]
fn empty_entries(bencher: Bencher, len: usize) {
    parse(bencher, &",".repeat(len));
}

#[divan::bench(args = LENGTHS)]
fn hostile_sentry_trace(bencher: Bencher, len: usize) {
    let header = "-".repeat(len);
    bencher
        .counter(BytesCount::of_str(&header))
        .bench_local(|| IncomingTrace::parse([black_box(&header)], [""]));
}

fn parse(bencher: Bencher, header: &str) {
    bencher
        .counter(BytesCount::of_str(header))
        .bench_local(|| Baggage::parse([black_box(header)]));
}
