//! One request's tracing without HTTP, against the SDK alone and against the least that can be done.
//!
//! `cargo bench --bench request | benches/ratios floor sdk`

#[expect(dead_code, reason = "not all of it is used by each")]
mod scenario;

use divan::{Bencher, black_box};
use scenario::{CASES, Case, ROOM};

fn main() {
    divan::main();
}

#[divan::bench(sample_size = 100, sample_count = 1000)]
fn floor(bencher: Bencher) {
    let tags = scenario::tags();
    let mut page = String::with_capacity(ROOM);
    bencher.bench_local(|| {
        page.clear();
        scenario::floor(black_box(&tags), black_box(&mut page));
    });
}

#[divan::bench(args = CASES, sample_size = 100, sample_count = 1000)]
fn ours(bencher: Bencher, case: Case) {
    let (headers, options) = (
        case.headers(),
        scenario::options(case.client.unwrap_or(1.0)),
    );
    let mut page = String::with_capacity(ROOM);
    case.run(|| {
        bencher.bench_local(|| {
            page.clear();
            case.ours(
                black_box(&headers),
                black_box(&options),
                black_box(&mut page),
            );
        });
    });
}

#[divan::bench(args = CASES, sample_size = 100, sample_count = 1000)]
fn sdk(bencher: Bencher, case: Case) {
    let headers = case.headers();
    let mut page = String::with_capacity(ROOM);
    case.run(|| {
        bencher.bench_local(|| {
            page.clear();
            case.sdk(black_box(&headers), black_box(&mut page));
        });
    });
}
