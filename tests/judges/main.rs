//! The SDKs for JavaScript and Python as judges: thousands of requests go to all three, and what is
//! sent on for each must be the same, or be one of the [`differences`](differences::DIFFERENCES)
//! that the specification decides.
//!
//! Run by `tests/judges/run`, which installs the judges.

mod answer;
mod cases;
mod differences;
#[path = "../support/ids.rs"]
mod ids;
mod judge;
mod request;
#[path = "../rules/strategies.rs"]
mod strategies;

use std::collections::{BTreeMap, BTreeSet};

use answer::{CONTINUES, Facts, NOTHING};
use differences::{DIFFERENCES, Disagreement};
use judge::Judge;
use request::Request;

fn disagreements<'a>(
    request: &'a Request,
    judge: Judge,
    ours: &'a Facts,
    theirs: &'a Facts,
) -> Vec<Disagreement<'a>> {
    let facts: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let told = |facts: &'a Facts, fact: &String| facts.get(fact).map(String::as_str);
    let differing = facts
        .into_iter()
        .filter(|fact| ours.get(*fact) != theirs.get(*fact));
    let mut differing: Vec<_> = differing
        .map(|fact| Disagreement {
            request,
            judge,
            is_continued: ours.get(CONTINUES).is_some_and(|trace| trace != NOTHING),
            fact,
            ours: told(ours, fact),
            theirs: told(theirs, fact),
        })
        .collect();
    if differing
        .iter()
        .any(|differing| differing.fact == CONTINUES)
    {
        differing.retain(|differing| differing.fact == CONTINUES);
    }
    differing
}

#[test]
#[ignore = "needs Node.js and Python: run tests/judges/run"]
fn the_sdks_agree_but_for_the_listed_differences() {
    let mut requests = cases::picked();
    requests.extend(cases::deferred());
    requests.extend(cases::sampled());
    requests.extend(cases::generated(4_000));
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unlisted: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for judge in Judge::ALL {
        for (request, answer) in requests.iter().zip(judge.answers(&requests)) {
            let (ours, theirs) = (request.answer().facts(request), answer.facts(request));
            for found in disagreements(request, judge, &ours, &theirs) {
                if let Some(known) = DIFFERENCES.iter().find(|known| (known.covers)(&found)) {
                    *seen.entry(known.name).or_default() += 1;
                } else {
                    let group = unlisted.entry(found.to_string()).or_default();
                    *group = (group.0 + 1, format!("{request:?}"));
                }
            }
        }
    }
    println!("{} requests to each of {:?}", requests.len(), Judge::ALL);
    for known in DIFFERENCES {
        let times = seen.get(known.name).copied().unwrap_or_default();
        println!("{times:6} × {}: {}", known.name, known.because);
    }
    for (found, (times, request)) in &unlisted {
        println!("{times:6} × {found}, as for {request}");
    }
    assert!(unlisted.is_empty(), "differences that are not listed");
    let gone = DIFFERENCES
        .iter()
        .find(|known| !seen.contains_key(known.name));
    assert!(
        gone.is_none(),
        "nobody differs any more: {:?}",
        gone.map(|known| known.name)
    );
}
