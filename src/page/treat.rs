use std::task::Context;
use std::time::SystemTime;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{Response, StatusCode, response};
use http_body::Body;

use super::body::PageBody;
use super::options::{Injection, ReusePolicy};
use super::visit::Visit;
use super::{changed, kind};
use crate::inject::{EditBody, Syntax};
use crate::reuse::{self, Reuse, Verdict};
use crate::server_timing;

/// What a response is, as far as it matters here.
struct Page {
    /// The tags were printed.
    has_tags: bool,
    /// The tags may yet be printed, while the body is sent.
    may_get_tags: bool,
    /// Its grammar, where something can be put into it and it has not printed the tags.
    accepts: Option<Syntax>,
    /// The options want the tags put in.
    wants_tags: Option<Syntax>,
    /// Its bytes can be read and changed.
    is_plain: bool,
}

/// Where the trace goes.
enum Fate {
    InPage,
    /// Into the page, which no cache may keep.
    InUnstorablePage,
    InHeader,
    Nowhere,
}

/// What is done to the body.
enum Edit {
    Leave,
    PutIn(Bytes, Syntax),
    TakeOut(Bytes),
}

impl Visit {
    /// Does to the response what the options ask for.
    pub(crate) fn treat<B: Body>(
        self,
        response: Response<B>,
        cx: &mut Context<'_>,
    ) -> Response<PageBody<B>> {
        let (mut head, body) = response.into_parts();
        let is_unseen = self.is_head && body.is_end_stream();
        let edit = match self.page(&head, body.size_hint().exact().is_none()) {
            Some(page) => self.decide(&page, &mut head),
            None => Edit::Leave,
        };
        let mut body = match edit {
            Edit::Leave => return Response::from_parts(head, PageBody::Plain { body }),
            Edit::PutIn(tags, syntax) => Box::pin(EditBody::put_in(body, tags, syntax)),
            Edit::TakeOut(tags) => Box::pin(EditBody::take_out(body, tags)),
        };
        self.span.in_scope(|| body.as_mut().prime(cx));
        let growth = body.growth().filter(|_| !is_unseen);
        changed::announce(&mut head.headers, growth);
        Response::from_parts(head, PageBody::Edited { body })
    }

    /// `None` for a response that can have nothing to do with the tags.
    fn page(&self, head: &response::Parts, is_open: bool) -> Option<Page> {
        let has_body = kind::has_body(head.status);
        let has_tags = has_body && self.span.has_printed_tags();
        let syntax = kind::syntax(head).filter(|_| has_body);
        let is_unchanged = head.status == StatusCode::NOT_MODIFIED && self.wants_page;
        if !has_tags && !is_unchanged && syntax.is_none() {
            return None;
        }
        let is_plain = kind::is_plain(head);
        let accepts = syntax.filter(|_| is_plain && !has_tags);
        let is_written = !is_open || head.headers.contains_key(CONTENT_LENGTH);
        Some(Page {
            may_get_tags: !has_tags && !is_written && syntax.is_some(),
            wants_tags: accepts.filter(|_| self.injects(head)),
            accepts,
            has_tags,
            is_plain,
        })
    }

    fn injects(&self, head: &response::Parts) -> bool {
        match (&self.options.injection, &self.request) {
            (Injection::On, _) => true,
            (Injection::When(applies), Some(request)) => {
                self.span.in_scope(|| applies(request, head))
            }
            (Injection::Off | Injection::When(_), _) => false,
        }
    }

    fn decide(&self, page: &Page, head: &mut response::Parts) -> Edit {
        let reuse = Reuse::of(head.status, &head.headers, SystemTime::now());
        match self.fate(page, reuse.verdict()) {
            Fate::InPage => self.traced(page, head),
            Fate::InUnstorablePage => {
                reuse::forbid(&mut head.headers);
                self.traced(page, head)
            }
            Fate::InHeader => {
                self.append_server_timing(head);
                match self.untraced(page, &reuse) {
                    Edit::Leave => self.guarded(page, head),
                    edit => edit,
                }
            }
            Fate::Nowhere => self.untraced(page, &reuse),
        }
    }

    fn fate(&self, page: &Page, verdict: Verdict) -> Fate {
        let is_traced = page.has_tags || page.wants_tags.is_some();
        let is_stuck = page.has_tags && !page.is_plain;
        match (self.options.reuse, verdict) {
            (ReusePolicy::Keep, _) | (_, Verdict::NeverReused) => Fate::InPage,
            (ReusePolicy::Unstorable, _) if is_traced => Fate::InUnstorablePage,
            _ if is_stuck => Fate::InUnstorablePage,
            (_, Verdict::Revalidated) => Fate::InHeader,
            (_, Verdict::Replayable) => Fate::Nowhere,
        }
    }

    fn traced(&self, page: &Page, head: &mut response::Parts) -> Edit {
        if self.options.server_timing {
            self.append_server_timing(head);
        }
        match page.wants_tags {
            Some(syntax) => Edit::PutIn(self.tags_to_put_in(syntax, head), syntax),
            None if self.options.server_timing => self.guarded(page, head),
            None => Edit::Leave,
        }
    }

    /// The guard alone, into a page whose trace the header tells.
    fn guarded(&self, page: &Page, head: &response::Parts) -> Edit {
        match (page.accepts, self.guard(head)) {
            (Some(syntax), Some(guard)) => {
                let guard = guard.trace(self.span.sentry_trace());
                Edit::PutIn(guard.to_string().into(), syntax)
            }
            _ => Edit::Leave,
        }
    }

    fn untraced(&self, page: &Page, reuse: &Reuse) -> Edit {
        if page.has_tags || page.wants_tags.is_some() {
            let tell = || self.options.notice.tell(self.route(), reuse.reason());
            self.span.in_scope(tell);
        }
        if page.is_plain && (page.has_tags || page.may_get_tags) {
            return Edit::TakeOut(self.printed_tags());
        }
        Edit::Leave
    }

    fn append_server_timing(&self, head: &mut response::Parts) {
        let trace = self.span.sentry_trace().to_string();
        server_timing::append(&mut head.headers, &trace, self.span.baggage().as_str());
    }
}
