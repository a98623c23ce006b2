//! The memory of the process, in the course of a run.

use std::fmt;
use std::fs;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Samples in a run, at equal distances.
const SAMPLES: usize = 20;

/// So many of them are not counted: caches, buffers and the allocator's arenas fill.
const WARM_UP: usize = 2;

/// The first and the last so many are compared by the one in their middle.
const SIDE: usize = 3;

/// By how many kibibytes the process may grow behind its warm-up.
///
/// By a fraction of that it goes up and down by itself, however long the run is. A leak grows with the
/// run: of a million requests five bytes each are too many, of a few thousand it takes a whole span.
const BOUND: u64 = 4 * 1024;

pub(crate) struct Memory {
    step: usize,
    start: Instant,
    samples: Mutex<Vec<Sample>>,
}

struct Sample {
    requests: usize,
    at: Duration,
    resident: u64,
}

impl Memory {
    pub(crate) fn new(requests: usize) -> Self {
        Self {
            step: (requests / SAMPLES).max(1),
            start: Instant::now(),
            samples: Mutex::new(Vec::with_capacity(2 * SAMPLES)),
        }
    }

    /// Takes a sample where this number of requests asks for one.
    pub(crate) fn note(&self, requests: usize) {
        if requests == 0 || !requests.is_multiple_of(self.step) {
            return;
        }
        let Some(resident) = resident() else { return };
        self.samples.lock().unwrap().push(Sample {
            requests,
            at: self.start.elapsed(),
            resident,
        });
    }

    /// Nothing to see where the system does not tell.
    #[track_caller]
    pub(crate) fn assert_flat(&self) {
        let samples = self.samples.lock().unwrap();
        let resident: Vec<u64> = samples.iter().map(|sample| sample.resident).collect();
        let Some(counted) = resident
            .get(WARM_UP - 1..)
            .filter(|it| it.len() >= 2 * SIDE)
        else {
            return;
        };
        let first = middle(&counted[..SIDE]);
        let last = middle(&counted[counted.len() - SIDE..]);
        println!("resident: {first} KiB at first, {last} KiB at last");
        assert!(last <= first + BOUND, "grew by {} KiB", last - first);
    }
}

fn middle(samples: &[u64]) -> u64 {
    let mut samples = samples.to_vec();
    samples.sort_unstable();
    samples[samples.len() / 2]
}

/// The kibibytes of this process that are in memory.
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| requests | seconds | a second | resident KiB |")?;
        writeln!(f, "| ---: | ---: | ---: | ---: |")?;
        for sample in &*self.samples.lock().unwrap() {
            let Sample {
                requests, resident, ..
            } = sample;
            let seconds = sample.at.as_secs_f64();
            let milliseconds = sample.at.as_millis().max(1);
            let speed = *requests as u128 * 1000 / milliseconds;
            writeln!(f, "| {requests} | {seconds:.1} | {speed} | {resident} |")?;
        }
        Ok(())
    }
}
