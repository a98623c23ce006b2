//! How many instructions and allocations a request takes: the same on every run, whatever else the
//! machine does. Needs valgrind.
//!
//! `cargo bench --bench instructions` counts every case and fails where a figure is worse than the one
//! that `limits.txt` holds. With `-- accept` it writes that file anew. With `-- profile "ours, head, rate 1"`
//! it tells in which functions one case spends its instructions.

mod callgrind;
mod case;
mod least;
mod limits;
mod run;
#[path = "../scenario/mod.rs"]
#[expect(dead_code, reason = "not all of it is used by each")]
mod scenario;
#[path = "../load/site.rs"]
mod site;

use std::collections::HashMap;
use std::error::Error;
use std::process::ExitCode;

use callgrind::Count;
use case::Case;

/// Each case's count, by its name.
type Counts = HashMap<String, Count>;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match *args {
        // What valgrind runs.
        [callgrind::MEASURE, case] => Case::named(case)?.run(),
        ["profile", case, ..] => print!("{}", callgrind::profile(Case::named(case)?)?),
        ["accept", ..] => limits::accept(&count_all()?)?,
        _ => return limits::check(&count_all()?),
    }
    Ok(ExitCode::SUCCESS)
}

/// Counts every case, and prints its count.
fn count_all() -> Result<Counts, Box<dyn Error>> {
    println!("| case | instructions | allocations |\n| --- | ---: | ---: |");
    let mut counts = Counts::new();
    for case in case::all() {
        let count = callgrind::count(case)?;
        let Count {
            instructions,
            allocations,
        } = count;
        println!("| {case} | {instructions:.0} | {allocations:.0} |");
        counts.insert(case.to_string(), count);
    }
    Ok(counts)
}
