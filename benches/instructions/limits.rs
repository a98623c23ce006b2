//! The figures that are held, one a line of `limits.txt`: `1.406 ours, … / bare, …` for a ratio of instructions,
//! `8.000 ours, … - bare, …` for a difference of allocations.

use std::fmt::{self, Write as _};
use std::fs;
use std::process::ExitCode;
use std::str::FromStr;

use crate::Counts;

const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/benches/instructions/limits.txt"
);

/// How much worse a figure may get.
const MARGIN: f64 = 1.03;

struct Limit {
    held: f64,
    figure: Figure,
}

struct Figure {
    case: String,
    /// `/` or `-`.
    relation: char,
    base: String,
}

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Prints all figures beside the held ones; fails where one is worse.
pub(crate) fn check(counts: &Counts) -> Result<ExitCode> {
    println!("\n| figure | held | now |\n| --- | ---: | ---: |");
    let mut code = ExitCode::SUCCESS;
    for Limit { held, figure } in read()? {
        let now = figure.value(counts)?;
        let mut verdict = "";
        if now > held * MARGIN {
            (code, verdict) = (ExitCode::FAILURE, ": worse");
        }
        println!("| {figure} | {held:.3} | {now:.3}{verdict} |");
    }
    Ok(code)
}

/// Holds the figures as they are from now on.
pub(crate) fn accept(counts: &Counts) -> Result<()> {
    let mut text = String::new();
    for Limit { figure, .. } in read()? {
        writeln!(text, "{:.3} {figure}", figure.value(counts)?)?;
    }
    Ok(fs::write(FILE, text)?)
}

fn read() -> Result<Vec<Limit>> {
    fs::read_to_string(FILE)?.lines().map(str::parse).collect()
}

impl Figure {
    fn value(&self, counts: &Counts) -> Result<f64> {
        let count = |case: &str| {
            counts
                .get(case)
                .ok_or_else(|| format!("there is no case {case:?}"))
        };
        let (case, base) = (count(&self.case)?, count(&self.base)?);
        Ok(match self.relation {
            '-' => case.allocations - base.allocations,
            _ => case.instructions / base.instructions,
        })
    }
}

impl FromStr for Limit {
    type Err = Box<dyn std::error::Error>;

    fn from_str(line: &str) -> Result<Self> {
        let (held, figure) = line.split_once(' ').ok_or("a line has no figure")?;
        let split = |relation| {
            let (case, base) = figure.split_once(&format!(" {relation} "))?;
            Some(Figure {
                case: case.to_owned(),
                relation,
                base: base.to_owned(),
            })
        };
        Ok(Self {
            held: held.parse()?,
            figure: split('/')
                .or_else(|| split('-'))
                .ok_or("a line has no relation")?,
        })
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.case, self.relation, self.base)
    }
}
