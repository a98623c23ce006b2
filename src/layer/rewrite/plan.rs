//! The plan for one response: which headers change, and what happens to its body.

use std::time::SystemTime;

use bytes::Bytes;
use http::header::VARY;
use http::response;

use super::edit::PlannedEdit;
use super::headers::{VARY_ON, write_server_timing};
use super::insertion::Insertion;
use super::placement::{Page, PlacementInput, Presence, Preview, TracePlacement};
use super::rewriter::{Extent, ResponseRewriter};
use super::{CachePolicy, Loss};
use crate::layer::cache::{self, CacheRules, Reuse};
use crate::render::{StaleGuard, rendered_tags};
use crate::span::RootSpan;

/// What happens to a response, as far as that is known before its body is read.
#[derive(Debug)]
pub(in crate::layer) struct Plan<'a> {
    rewriter: &'a ResponseRewriter,
    span: RootSpan,
    page: Page,
    rules: CacheRules,
    /// The options ask for markup in this page, although a fragment gets no tags.
    is_injected: bool,
    wants_tags: bool,
}

impl<'a> Plan<'a> {
    /// Rewrites a response without a body, and plans what happens to one with a body; `None` if nothing does.
    /// `is_open` says whether the length of the body is unknown.
    pub(in crate::layer) fn new(
        rewriter: &'a ResponseRewriter,
        span: &RootSpan,
        head: &mut response::Parts,
        is_open: bool,
    ) -> Option<Self> {
        match rewriter.begin(span, head) {
            Extent::Nothing => None,
            Extent::Head => {
                Self::not_modified(rewriter, span, head);
                None
            }
            Extent::HeadAndBody => Self::of(rewriter, span, head, is_open),
        }
    }

    /// `None` for a response that cannot contain the trace.
    fn of(
        rewriter: &'a ResponseRewriter,
        span: &RootSpan,
        head: &response::Parts,
        is_open: bool,
    ) -> Option<Self> {
        let page = Page::of(head, is_open);
        let exposure = span.values().exposure();
        if !page.is_html && !exposure.has_any() {
            return None;
        }
        let is_injected = page.is_editable && rewriter.injects(span, head);
        let plan = Self {
            rewriter,
            span: span.clone(),
            page,
            rules: CacheRules::of(head.status, &head.headers, SystemTime::now()),
            is_injected,
            wants_tags: is_injected && !rewriter.is_fragment(),
        };
        if plan.is_stored_untraced()
            && page.is_open
            && !exposure.has_values()
            && !exposure.has_tags()
        {
            exposure.withhold_tags();
        }
        Some(plan)
    }

    fn not_modified(rewriter: &'a ResponseRewriter, span: &RootSpan, head: &mut response::Parts) {
        let plan = Self {
            rewriter,
            span: span.clone(),
            page: Page::of(head, false),
            rules: CacheRules::of(head.status, &head.headers, SystemTime::now()),
            is_injected: false,
            wants_tags: false,
        };
        let is_wanted = match plan.placement(Presence::Absent) {
            TracePlacement::Page | TracePlacement::UnstorablePage => rewriter.options.server_timing,
            TracePlacement::Header => true,
            TracePlacement::Nowhere => false,
        };
        if is_wanted && write_server_timing(span.values(), &mut head.headers) {
            plan.make_private(head);
        }
    }

    /// Whether the head of the response depends on its body, or the body is changed.
    pub(in crate::layer) fn needs_preview(&self) -> bool {
        let exposure = self.span.values().exposure();
        let is_reused = self.reuse() > Reuse::Never;
        // If no cache reuses the page, rendered tags stay, so there is no need to search for them. If they were not
        // rendered into this page, making it private costs nothing.
        let is_sought = if exposure.has_tags() {
            is_reused
        } else {
            exposure.has_any() || is_reused && self.page.is_html
        };
        let gets_guard = self.page.is_editable
            && self.rewriter.options.stale_after.is_some()
            && (self.rewriter.options.server_timing || self.reuse() == Reuse::Revalidated);
        self.wants_tags || gets_guard || is_sought && !self.page.is_open
    }

    /// Rewrites the head, and returns what happens to the body.
    pub(in crate::layer) fn carry_out(
        mut self,
        head: &mut response::Parts,
        preview: &Preview,
    ) -> PlannedEdit {
        let values = self.span.values();
        let presence = if self.rewriter.is_head() && preview.bytes.is_empty() {
            Presence::of_unsent(values)
        } else {
            Presence::of(values, self.page, preview)
        };
        self.wants_tags &= presence == Presence::Absent;
        if self.varies(presence) {
            head.headers.append(VARY, VARY_ON);
        }
        match self.placement(presence) {
            TracePlacement::Page => {
                if presence != Presence::Absent || self.may_render_tags() {
                    self.make_private(head);
                }
                self.traced(presence, head)
            }
            TracePlacement::UnstorablePage => {
                if self.rewriter.options.cache_policy == CachePolicy::Untraced {
                    self.warn(Loss::Caching);
                }
                cache::forbid(&mut head.headers);
                self.traced(presence, head)
            }
            TracePlacement::Header => {
                let is_in_header = write_server_timing(self.span.values(), &mut head.headers);
                if is_in_header {
                    self.make_private(head);
                }
                self.untraced(presence, head, is_in_header)
            }
            TracePlacement::Nowhere => self.untraced(presence, head, false),
        }
    }

    fn placement(&self, presence: Presence) -> TracePlacement {
        TracePlacement::of(PlacementInput {
            policy: self.rewriter.options.cache_policy,
            reuse: self.rules.reuse(),
            presence,
            gets_tags: self.wants_tags || self.may_render_tags(),
            is_editable: self.page.is_editable,
        })
    }

    /// What a cache may do, as far as that matters under the policy.
    fn reuse(&self) -> Reuse {
        match self.rewriter.options.cache_policy {
            CachePolicy::Keep => Reuse::Never,
            CachePolicy::Untraced | CachePolicy::Unstorable => self.rules.reuse(),
        }
    }

    /// Whether a cache may store the page, and a fragment would lack what is inserted into it: its route, or its
    /// trace under a policy by which a stored page, or the page of which the fragment is stored, has one.
    fn varies(&self, presence: Presence) -> bool {
        let policy = self.rewriter.options.cache_policy;
        let is_stored = self.rules.reuse() > Reuse::Never;
        let lacks_trace = policy != CachePolicy::Untraced && presence == Presence::Absent;
        self.is_injected && is_stored && (lacks_trace || self.span.values().lacks_route())
    }

    fn is_stored_untraced(&self) -> bool {
        self.rewriter.options.cache_policy == CachePolicy::Untraced && self.reuse() > Reuse::Never
    }

    /// Tags may be rendered after the head is sent.
    fn may_render_tags(&self) -> bool {
        let exposure = self.span.values().exposure();
        self.page.is_html && self.page.is_open && !exposure.are_tags_withheld()
    }

    fn traced(&self, presence: Presence, head: &mut response::Parts) -> PlannedEdit {
        let options = &self.rewriter.options;
        let is_in_header = options.server_timing
            && self.page.is_html
            && write_server_timing(self.span.values(), &mut head.headers);
        if is_in_header {
            self.make_private(head);
        }
        if self.wants_tags {
            let tags = rendered_tags(self.span.values()) + &self.route_tag();
            return PlannedEdit::Insert(self.insertion(tags.into(), self.guard(), true, head));
        }
        self.without_tags(presence, head, is_in_header)
    }

    /// Removes the tags of the trace. `is_in_header` says whether the trace is in the header.
    fn untraced(
        &self,
        presence: Presence,
        head: &response::Parts,
        is_in_header: bool,
    ) -> PlannedEdit {
        if presence != Presence::Absent || self.wants_tags {
            self.warn(Loss::Trace);
        }
        let values = self.span.values();
        values.exposure().withhold_tags();
        match presence {
            Presence::Absent => self.without_tags(presence, head, is_in_header),
            Presence::Values => PlannedEdit::None,
            Presence::Tags => PlannedEdit::Remove(rendered_tags(values).into()),
        }
    }

    /// Inserts what a page lacks besides the tags of the trace: its route, and a guard if only the header has the
    /// trace.
    fn without_tags(
        &self,
        presence: Presence,
        head: &response::Parts,
        is_in_header: bool,
    ) -> PlannedEdit {
        if !self.page.is_editable {
            return PlannedEdit::None;
        }
        let route = if self.is_injected && !self.rewriter.is_fragment() {
            self.route_tag()
        } else {
            String::new()
        };
        let trace = self.span.values().sentry_trace();
        let is_guarded = is_in_header && presence == Presence::Absent;
        let guard = self.guard().filter(|_| is_guarded);
        let guard = guard.map(|guard| guard.trace(trace));
        if route.is_empty() && guard.is_none() {
            return PlannedEdit::None;
        }
        // The route alone is the same for every visitor.
        let is_personal = guard.is_some();
        PlannedEdit::Insert(self.insertion(route.into(), guard, is_personal, head))
    }

    /// The tag with the route, if the page lacks it.
    fn route_tag(&self) -> String {
        if self.span.values().lacks_route() {
            self.span.route_tag().to_string()
        } else {
            String::new()
        }
    }

    fn insertion(
        &self,
        tags: Bytes,
        guard: Option<StaleGuard>,
        is_personal: bool,
        head: &response::Parts,
    ) -> Insertion {
        Insertion::new(tags, guard, &head.headers)
            .in_encoding(self.page.encoding)
            .making_private(is_personal && self.rewriter.options.cache_policy != CachePolicy::Keep)
    }

    fn guard(&self) -> Option<StaleGuard> {
        let max_age = self.rewriter.options.stale_after?;
        Some(StaleGuard::new(max_age, SystemTime::now()))
    }

    fn make_private(&self, head: &mut response::Parts) {
        if self.rewriter.options.cache_policy != CachePolicy::Keep {
            cache::make_private(&mut head.headers);
        }
    }

    fn warn(&self, loss: Loss) {
        let (options, values) = (&self.rewriter.options, self.span.values());
        self.span.in_request(|| {
            values.with_matched_route(|route| {
                options.warnings.give(loss, route, self.rules.reason());
            });
        });
    }
}
