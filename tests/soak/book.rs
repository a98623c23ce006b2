//! The book of a run: what has become of each request.

use std::fmt;
use std::hint::black_box;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};

use crate::kind::{KINDS, Kind};

/// A run that is broken stops here.
const MOST_FAULTS: usize = 20;

/// In characters: an envelope can be a fault, with all that a hostile caller has sent.
const LONGEST_FAULT: usize = 1_000;

/// One line a request, all of them in memory from the start: they must not look like a leak.
pub(crate) struct Book {
    lines: Vec<Line>,
    opened: AtomicUsize,
    faults: Mutex<Vec<String>>,
}

#[derive(Default)]
struct Line {
    came: AtomicU8,
    transactions: AtomicU8,
    events: AtomicU8,
    /// The traces of page and transaction, one over the other: nothing where they are the same.
    trace: AtomicU64,
}

fn add(count: &AtomicU8) {
    count.fetch_add(1, Ordering::Relaxed);
}

fn read(count: &AtomicU8) -> u8 {
    count.load(Ordering::Relaxed)
}

impl Line {
    /// How many more transactions and events there are than there should be.
    fn surplus(&self, kind: &Kind) -> [i16; 2] {
        let came = i16::from(read(&self.came));
        [
            (&self.transactions, kind.transactions()),
            (&self.events, kind.events()),
        ]
        .map(|(count, each)| i16::from(read(count)) - came * i16::from(each))
    }

    fn fault(&self, kind: &Kind) -> Option<String> {
        let came = read(&self.came);
        if came != 1 && !(came == 0 && kind.may_never_come()) {
            return Some(format!("came {came} times"));
        }
        if self.surplus(kind) != [0, 0] {
            let (transactions, events) = (read(&self.transactions), read(&self.events));
            return Some(format!("{transactions} transactions, {events} events"));
        }
        let is_mixed = kind.shows_trace() && self.trace.load(Ordering::Relaxed) != 0;
        is_mixed.then(|| "the page and the transaction are of two traces".into())
    }
}

impl Book {
    pub(crate) fn new(requests: usize) -> Self {
        Self {
            // Zeros that nobody has written are not in memory yet.
            lines: (0..requests).map(|_| black_box(Line::default())).collect(),
            opened: AtomicUsize::new(0),
            faults: Mutex::default(),
        }
    }

    /// The number of the next request; `None` once there were enough of them.
    pub(crate) fn open(&self) -> Option<usize> {
        if self.faults.lock().unwrap().len() >= MOST_FAULTS {
            return None;
        }
        let number = self.opened.fetch_add(1, Ordering::Relaxed);
        (number < self.lines.len()).then_some(number)
    }

    /// A request with this path has reached the layer.
    pub(crate) fn came(&self, path: &str) {
        if let Some((_, line)) = self.find(path) {
            add(&line.came);
        }
    }

    pub(crate) fn has_come(&self, number: usize) -> bool {
        read(&self.lines[number].came) > 0
    }

    /// A transaction has ended.
    pub(crate) fn ended(&self, url: &str, trace_id: &str, status: &str) {
        let Some((number, line)) = self.find(url) else {
            return;
        };
        self.overlay(number, trace_id);
        let expected = Kind::of(number).status;
        if status != expected {
            self.fault(number, &format!("ended as {status:?}, not {expected:?}"));
        }
        add(&line.transactions);
    }

    /// An error event was sent.
    pub(crate) fn reported(&self, url: &str) {
        if let Some((_, line)) = self.find(url) {
            add(&line.events);
        }
    }

    /// A page names this trace, or a transaction does.
    pub(crate) fn overlay(&self, number: usize, trace_id: &str) {
        let end = trace_id.get(16..).unwrap_or_default();
        match u64::from_str_radix(end, 16) {
            Ok(end) => drop(self.lines[number].trace.fetch_xor(end, Ordering::Relaxed)),
            Err(_) => self.fault(number, &format!("{trace_id:?} is no trace")),
        }
    }

    pub(crate) fn fault(&self, number: usize, what: &str) {
        let kind = Kind::of(number).name;
        self.note(&format!("request {number} ({kind}): {what}"));
    }

    pub(crate) fn note(&self, fault: &str) {
        let mut faults = self.faults.lock().unwrap();
        if faults.len() < MOST_FAULTS {
            faults.push(fault.chars().take(LONGEST_FAULT).collect());
        }
    }

    fn find(&self, url: &str) -> Option<(usize, &Line)> {
        let number = url
            .rsplit('/')
            .next()
            .and_then(|number| number.parse().ok());
        let found = number.and_then(|number| Some((number, self.lines.get(number)?)));
        if found.is_none() {
            self.note(&format!("nobody has asked for {url:?}"));
        }
        found
    }

    fn opened(&self) -> impl Iterator<Item = (usize, &'static Kind, &Line)> {
        let lines = self.lines.iter().take(self.opened.load(Ordering::Relaxed));
        lines
            .enumerate()
            .map(|(number, line)| (number, Kind::of(number), line))
    }

    /// Whether all that has come has ended.
    pub(crate) fn is_settled(&self) -> bool {
        self.opened()
            .all(|(_, kind, line)| line.surplus(kind).iter().all(|surplus| *surplus >= 0))
    }

    /// All that is wrong, or the first of it.
    pub(crate) fn audit(&self) -> Vec<String> {
        for (number, kind, line) in self.opened() {
            if let Some(fault) = line.fault(kind) {
                self.fault(number, &fault);
            }
        }
        self.faults.lock().unwrap().clone()
    }
}

impl fmt::Display for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sums = [[0_usize; 4]; KINDS.len()];
        for (number, _, line) in self.opened() {
            let [asked, came, transactions, events] = &mut sums[Kind::index(number)];
            *asked += 1;
            *came += usize::from(read(&line.came));
            *transactions += usize::from(read(&line.transactions));
            *events += usize::from(read(&line.events));
        }
        writeln!(
            f,
            "| kind | asked | came | transactions | events | status |"
        )?;
        writeln!(f, "| --- | ---: | ---: | ---: | ---: | --- |")?;
        for (kind, [asked, came, transactions, events]) in KINDS.iter().zip(sums) {
            let Kind { name, status, .. } = kind;
            writeln!(
                f,
                "| {name} | {asked} | {came} | {transactions} | {events} | {status} |"
            )?;
        }
        Ok(())
    }
}
