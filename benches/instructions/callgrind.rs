//! Runs a case under valgrind, and reads what it has counted.

use std::error::Error;
use std::path::PathBuf;
use std::process::Command;
use std::{env, fs, process};

use crate::case::Case;
use crate::run::{COUNTED, REPEATS};

/// The mode in which this program runs under valgrind.
pub(crate) const MEASURE: &str = "measure";

/// What one repeat of a case takes.
#[derive(Clone, Copy)]
pub(crate) struct Count {
    pub(crate) instructions: f64,
    pub(crate) allocations: f64,
}

pub(crate) fn count(case: Case) -> Result<Count, Box<dyn Error>> {
    let file = run(case)?;
    let counted = fs::read_to_string(&file)?;
    fs::remove_file(file)?;
    read(&counted).ok_or_else(|| "callgrind has written no totals".into())
}

/// The functions that the instructions of a case are in.
pub(crate) fn profile(case: Case) -> Result<String, Box<dyn Error>> {
    let file = run(case)?;
    let profile = output(Command::new("callgrind_annotate").arg(&file))?;
    fs::remove_file(file)?;
    Ok(profile)
}

/// Writes a file of the part within [`COUNTED`].
fn run(case: Case) -> Result<PathBuf, Box<dyn Error>> {
    let name = format!("sentry-ssr.callgrind.{}", process::id());
    let file = env::temp_dir().join(&name);
    output(
        Command::new("valgrind")
            .args(["--tool=callgrind", "--compress-strings=no"])
            .arg(format!("--zero-before={COUNTED}"))
            .arg(format!("--dump-after={COUNTED}"))
            .arg(format!("--callgrind-out-file={}", file.display()))
            .arg(env::current_exe()?)
            .args([MEASURE, &case.to_string()]),
    )?;
    // It has the instructions after that part.
    fs::remove_file(&file)?;
    Ok(env::temp_dir().join(name + ".1"))
}

fn output(command: &mut Command) -> Result<String, Box<dyn Error>> {
    let program = command.get_program().display().to_string();
    let output = command
        .output()
        .map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?);
    }
    Err(String::from_utf8_lossy(&output.stderr).into())
}

/// Source: <https://valgrind.org/docs/manual/cl-format.html>
fn read(counted: &str) -> Option<Count> {
    let (mut instructions, mut allocations, mut called) = (None, 0, "");
    for line in counted.lines() {
        if let Some(function) = line.strip_prefix("cfn=") {
            called = function;
        } else if let Some(calls) = line.strip_prefix("calls=") {
            if matches!(called, "malloc" | "calloc" | "posix_memalign") {
                allocations += calls.split(' ').next()?.parse::<u32>().ok()?;
            }
        } else if let Some(total) = line.strip_prefix("totals: ") {
            instructions = total.parse().ok();
        }
    }
    let each = |total: u32| f64::from(total) / f64::from(REPEATS);
    Some(Count {
        instructions: each(instructions?),
        allocations: each(allocations),
    })
}
