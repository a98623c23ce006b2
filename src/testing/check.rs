//! From what the parser found to what is wrong.

use super::page::{Page, Tag};
use super::value::{Entry, TraceParts, entries, flaw};
use super::{Finding, MetaName};

pub(super) fn check(page: &Page) -> Vec<Finding> {
    let [trace, baggage] = MetaName::ALL.map(|name| page.read(name));
    let mut findings = missing(page);
    for name in MetaName::ALL {
        findings.extend(placement(page, name));
    }
    findings.extend(trace.and_then(unread_trace));
    findings.extend(baggage.into_iter().flat_map(unread_entries));
    findings.extend(trace.zip(baggage).and_then(other_trace));
    findings
}

/// For a name without a tag: what was meant to be one, or that there is none.
fn missing(page: &Page) -> Vec<Finding> {
    if page.tags.is_empty() && page.lookalikes.is_empty() {
        return vec![Finding::NoTags];
    }
    MetaName::ALL
        .into_iter()
        .filter(|name| page.read(*name).is_none())
        .map(|name| page.meant_as(name).unwrap_or(absent(name)))
        .collect()
}

fn absent(name: MetaName) -> Finding {
    match name {
        MetaName::SentryTrace => Finding::NoTrace,
        MetaName::Baggage => Finding::NoBaggage,
    }
}

fn placement(page: &Page, name: MetaName) -> Vec<Finding> {
    let mut tags = page.tags.iter().filter(|tag| tag.name == name);
    let Some(read) = tags.next() else {
        return Vec::new();
    };
    let found = [
        (read.content.is_empty(), Finding::Empty(name)),
        (!read.in_head, Finding::OutsideHead(name)),
        (read.after_script, Finding::AfterScript(name)),
    ];
    let duplicates = tags.map(|tag| Finding::Duplicate {
        name,
        unread: tag.content.clone(),
    });
    found
        .into_iter()
        .filter_map(|(is_so, finding)| is_so.then_some(finding))
        .chain(duplicates)
        .collect()
}

fn unread_trace(tag: &Tag) -> Option<Finding> {
    let value = tag.content.clone();
    let flaw = flaw(&value).filter(|_| !value.is_empty())?;
    Some(Finding::Malformed { value, flaw })
}

fn unread_entries(tag: &Tag) -> Vec<Finding> {
    let value = &tag.content;
    if value.is_empty() {
        Vec::new()
    } else if entries(value).any(|entry| entry.is_sentry()) {
        entries(value)
            .filter(Entry::is_broken)
            .map(|entry| Finding::BrokenEntry {
                entry: entry.raw.to_owned(),
            })
            .collect()
    } else {
        vec![Finding::NoEntries {
            value: value.clone(),
        }]
    }
}

fn other_trace((trace, baggage): (&Tag, &Tag)) -> Option<Finding> {
    let trace = TraceParts::read(&trace.content)?.trace_id;
    let pairs: Vec<_> = entries(&baggage.content)
        .filter(Entry::is_sentry)
        .filter_map(|entry| entry.pair)
        .collect();
    let named = pairs
        .iter()
        .rev()
        .find(|(key, _)| key == "sentry-trace_id")
        .map(|(_, id)| id.clone());
    let differs = !pairs.is_empty() && named.as_deref() != Some(trace);
    differs.then(|| Finding::OtherTrace {
        trace: trace.to_owned(),
        baggage: named,
    })
}
