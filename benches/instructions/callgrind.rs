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
    // Two files: of the function, and of what comes after it. Toggled, calls before it would count, too.
    let file = run(
        case,
        &["--zero-before", "--dump-after"].map(|option| format!("{option}={COUNTED}")),
    )?;
    fs::remove_file(&file)?;
    let file = file.with_extension("out.1");
    let counted = fs::read_to_string(&file)?;
    fs::remove_file(file)?;
    read(&counted).ok_or_else(|| "callgrind has written no totals".into())
}

/// The functions that the instructions of a case are in.
pub(crate) fn profile(case: Case) -> Result<String, Box<dyn Error>> {
    let file = run(case, &[format!("--toggle-collect={COUNTED}")])?;
    let profile =
        output(Command::new("callgrind_annotate").args(["--auto=no".as_ref(), file.as_os_str()]))?;
    fs::remove_file(file)?;
    Ok(profile)
}

/// Runs a case with these options of callgrind, which writes the file.
fn run(case: Case, options: &[String]) -> Result<PathBuf, Box<dyn Error>> {
    let file = env::temp_dir().join(format!("sentry-ssr-{}.out", process::id()));
    output(
        Command::new("valgrind")
            .args(["--tool=callgrind", "--compress-strings=no"])
            .args(options)
            .arg(format!("--callgrind-out-file={}", file.display()))
            .arg(env::current_exe()?)
            .args([MEASURE, &case.to_string()]),
    )?;
    Ok(file)
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
