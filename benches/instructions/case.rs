//! What is counted: each kind of work for each kind of caller and client that matters to it.

use std::fmt;

use sentry_ssr::RootSpanLayer;

use crate::least::Least;
use crate::{run, scenario, site};

#[derive(Clone, Copy)]
pub(crate) struct Case {
    work: Work,
    request: scenario::Case,
}

#[derive(Clone, Copy)]
enum Work {
    Bare,
    Idle,
    Least,
    LeastTransaction,
    Ours,
    Injected,
    SentryTower,
    ValuesFloor,
    ValuesOurs,
    ValuesSdk,
    Sent,
    SentInstrumented,
}

const WORK: [Work; 12] = [
    Work::Bare,
    Work::Idle,
    Work::Least,
    Work::LeastTransaction,
    Work::Ours,
    Work::Injected,
    Work::SentryTower,
    Work::ValuesFloor,
    Work::ValuesOurs,
    Work::ValuesSdk,
    Work::Sent,
    Work::SentInstrumented,
];

pub(crate) fn all() -> impl Iterator<Item = Case> {
    let of = |work: Work| scenario::CASES.map(|request| Case { work, request });
    WORK.into_iter().flat_map(of).filter(Case::matters)
}

impl Case {
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        let mut cases = all();
        let case = cases.find(|case| case.to_string() == name);
        case.ok_or_else(|| format!("there is no case {name:?}"))
    }

    /// Whether its count differs from that of another case.
    fn matters(&self) -> bool {
        let scenario::Case {
            is_continued,
            client,
        } = self.request;
        match self.work {
            Work::Bare | Work::Idle | Work::Least | Work::ValuesFloor => {
                !is_continued && client.is_none()
            }
            Work::LeastTransaction => !is_continued && client.is_some(),
            Work::Sent | Work::SentInstrumented => !is_continued && client == Some(1.0),
            _ => true,
        }
    }

    /// Does the work, and has it counted.
    pub(crate) fn run(self) {
        let request = self.request;
        match self.work {
            Work::Bare => run::site(request, site::bare()),
            Work::Idle => run::site(request, site::idle()),
            Work::Least => run::site(request, site::bare().layer(Least::default())),
            Work::LeastTransaction => {
                run::site(request, site::bare().layer(Least::with_transaction()));
            }
            Work::Ours => run::site(request, site::ours()),
            Work::Injected => run::site(
                request,
                site::bare().layer(RootSpanLayer::new().inject_tags(true)),
            ),
            Work::SentryTower => run::site(request, site::sentry_tower()),
            Work::ValuesFloor => {
                run::values(request, |_, _, tags, page| scenario::floor(tags, page));
            }
            Work::ValuesOurs => run::values(request, |headers, options, _, page| {
                request.ours(headers, options, page);
            }),
            Work::ValuesSdk => {
                run::values(request, |headers, _, _, page| request.sdk(headers, page));
            }
            Work::Sent => run::sent(|options| options),
            Work::SentInstrumented => run::sent(sentry_ssr::instrument),
        }
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bare => "bare",
            Self::Idle => "idle layer",
            Self::Least => "least layer",
            Self::LeastTransaction => "least layer with a transaction",
            Self::Ours => "ours",
            Self::Injected => "ours injecting",
            Self::SentryTower => "sentry-tower",
            Self::ValuesFloor => "least values",
            Self::ValuesOurs => "values of ours",
            Self::ValuesSdk => "values of the SDK",
            Self::Sent => "sent",
            Self::SentInstrumented => "sent with `instrument`",
        })
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.work, self.request)
    }
}
