//! Which headers make a page replayable: what a cache may do with a response, and so whether a trace in it would
//! reach a second page load.
//!
//! Caches read different headers: browsers and most shared caches read `Cache-Control`, `Expires` and
//! `Pragma`; a CDN may read `CDN-Cache-Control`, `Surrogate-Control` or `Edge-Control`; nginx also reads
//! `X-Accel-Expires`.
//! Each header that is present is judged on its own, and the most reusable verdict counts. If in doubt,
//! a response counts as more reusable, never less: lifetimes are read as the most lenient cache reads
//! them, restrictions as the strictest one does, and a restriction that a cache in wide use
//! ignores does not count.
//!
//! The first rule that fits decides:
//!
//! 1. `no-store` → never reused ([5.2.2.5]), except with `must-understand`, which makes a cache
//!    ignore it ([5.2.2.3]).
//! 2. `no-cache` without field names → revalidated if there is a validator, else never reused
//!    ([5.2.2.4]). It outweighs every lifetime, `stale-while-revalidate` and `stale-if-error`
//!    included ([4.2.4]). With field names it concerns those fields only, and decides nothing.
//! 3. A `max-age`, `s-maxage`, `stale-while-revalidate` or `stale-if-error` above zero → replayable:
//!    the stored page is handed out at least once without asking ([4.2], [RFC 5861]). It counts
//!    anywhere in the field, in quotes and after a `;` too; of several the largest counts. `private`,
//!    `must-revalidate` and `immutable` change nothing about it.
//! 4. An `Expires` not before `Date` (nor before now, if `Date` is ahead or missing) →
//!    replayable, unless a `max-age` overrides it ([5.3]). An integer such as `0` or `-1`, and an empty value, are
//!    in the past; any other value that is not a date may be in the future, and is treated as if it were.
//! 5. If neither `max-age` nor `Expires` says how long, a cache may choose ([4.2.2]): replayable if
//!    `public` or `immutable` invites it to, or if the status is cacheable by default ([15.1]) and
//!    there is a `Last-Modified`: browsers use a tenth of its age as the lifetime.
//! 6. A validator, `ETag` or `Last-Modified` ([RFC 9110]) → revalidated, if the status is cacheable
//!    by default or the header permits a cache to store the response. A `304` proves that there is a validator.
//! 7. Everything else → never reused.
//! 8. A header meant for one cache (`CDN-Cache-Control`, `Akamai-Cache-Control` and their like,
//!    `Surrogate-Control`, `Edge-Control`, `X-LiteSpeed-Cache-Control`) makes that cache ignore
//!    `Cache-Control` ([RFC 9213]). If it neither sets nor forbids a lifetime, the cache may choose:
//!    replayable. So is a `Surrogate-Control` without `no-store`, the only word that Varnish looks for;
//!    and a page that such a cache revalidates, because it may hand out the headers that it has stored
//!    and not those of the `304` (nginx).
//!
//! What is *not* counted as a restriction, because a cache in wide use ignores it: `Age` (nginx),
//! `Vary`, also `Vary: *` (Cloudflare), `Pragma` (not specified for responses, [5.4]), `must-revalidate`
//! beside `stale-while-revalidate` (nginx), and a CDN's own header (browsers).
//!
//! # Caveat
//!
//! A cache can be set up to ignore all of this (Varnish keeps pages for two minutes if the origin
//! says nothing), and Back and Forward show a stored page, with the headers it came with, at any
//! age, unless `no-store` forbids it ([6]). For these there is
//! [`StaleGuard`](crate::StaleGuard).
//!
//! Source: [RFC 9111] HTTP Caching; [RFC 9213] Targeted Cache Control;
//! [Edge Architecture](https://www.w3.org/TR/edge-arch/) for `Surrogate-Control`.
//!
//! [4.2]: https://www.rfc-editor.org/rfc/rfc9111#section-4.2
//! [4.2.2]: https://www.rfc-editor.org/rfc/rfc9111#section-4.2.2
//! [4.2.4]: https://www.rfc-editor.org/rfc/rfc9111#section-4.2.4
//! [5.2.2.3]: https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.3
//! [5.2.2.4]: https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.4
//! [5.2.2.5]: https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.5
//! [5.3]: https://www.rfc-editor.org/rfc/rfc9111#section-5.3
//! [5.4]: https://www.rfc-editor.org/rfc/rfc9111#section-5.4
//! [6]: https://www.rfc-editor.org/rfc/rfc9111#section-6
//! [15.1]: https://www.rfc-editor.org/rfc/rfc9110#section-15.1
//! [RFC 5861]: https://www.rfc-editor.org/rfc/rfc5861
//! [RFC 9110]: https://www.rfc-editor.org/rfc/rfc9110#section-8.8
//! [RFC 9111]: https://www.rfc-editor.org/rfc/rfc9111
//! [RFC 9213]: https://www.rfc-editor.org/rfc/rfc9213

mod directives;

use std::fmt;
use std::time::SystemTime;

use http::header::{CACHE_CONTROL, ETAG, EXPIRES, LAST_MODIFIED};
use http::{HeaderMap, HeaderName, StatusCode, response};

use self::directives::{CacheControl, expires, is_targeted, replaces_cache_control};
pub(super) use self::directives::{forbid, make_private};

/// What a cache may do with a response, from the least to the most reusable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reuse {
    /// No cache serves it again.
    Never,
    /// A cache stores it and revalidates it each time; after a `304` it serves the stored page.
    Revalidated,
    /// A cache may serve it again without revalidating it.
    Replayable,
}

/// What a cache may do with a response, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct CacheRules {
    reuse: Reuse,
    reason: Reason,
}

/// The header that decided, and the part of it that did, for logs: `cache-control: max-age`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    field: Option<HeaderName>,
    detail: &'static str,
}

impl CacheRules {
    /// Classifies a response by its status and headers; `now` replaces a missing `Date`.
    pub fn of(status: StatusCode, headers: &HeaderMap, now: SystemTime) -> Self {
        let response = Response {
            headers,
            by_default: is_cacheable_by_default(status),
            validator: validator(status, headers),
        };
        let mut rules = response.apply(&CACHE_CONTROL, expires(headers, now));
        for field in headers.keys().filter(|field| is_targeted(field)) {
            let targeted = response.apply_targeted(field);
            if targeted.reuse > rules.reuse {
                rules = targeted;
            }
        }
        rules
    }

    /// What a cache may do.
    #[must_use]
    pub const fn reuse(&self) -> Reuse {
        self.reuse
    }

    /// What decided.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    fn new(reuse: Reuse, field: &HeaderName, detail: &'static str) -> Self {
        let field = Some(field.clone());
        Self {
            reuse,
            reason: Reason { field, detail },
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "{field}: {}", self.detail),
            None => f.write_str(self.detail),
        }
    }
}

/// The facts that are the same for every cache.
struct Response<'a> {
    headers: &'a HeaderMap,
    by_default: bool,
    validator: Option<HeaderName>,
}

impl Response<'_> {
    /// The verdict of a cache that goes by this field, and by `Expires` if it is given.
    fn apply(&self, field: &HeaderName, expires: Option<bool>) -> CacheRules {
        let control = CacheControl::of(field, self.headers);
        let permits = self.by_default || control.permits || expires.is_some();
        self.restricted(field, &control)
            .or_else(|| self.fresh(field, &control, expires))
            .unwrap_or_else(|| self.revalidated(permits))
    }

    /// What the cache that this field addresses may do: rule 8, and the others.
    fn apply_targeted(&self, field: &HeaderName) -> CacheRules {
        let rules = self.apply(field, None);
        let is_open = || replaces_cache_control(field, &CacheControl::of(field, self.headers));
        match rules.reuse {
            Reuse::Replayable => rules,
            _ if is_open() => CacheRules::new(Reuse::Replayable, field, "no lifetime in it"),
            Reuse::Revalidated => CacheRules::new(Reuse::Replayable, field, "revalidated"),
            Reuse::Never => rules,
        }
    }

    /// Rules 1 and 2.
    fn restricted(&self, field: &HeaderName, control: &CacheControl) -> Option<CacheRules> {
        if control.no_store && !control.must_understand {
            return Some(CacheRules::new(Reuse::Never, field, "no-store"));
        }
        let reuse = match self.validator {
            Some(_) => Reuse::Revalidated,
            None => Reuse::Never,
        };
        control
            .no_cache
            .then(|| CacheRules::new(reuse, field, "no-cache"))
    }

    /// Rules 3 to 5.
    fn fresh(
        &self,
        field: &HeaderName,
        it: &CacheControl,
        expires: Option<bool>,
    ) -> Option<CacheRules> {
        let replayable = |field, detail| Some(CacheRules::new(Reuse::Replayable, field, detail));
        match (it.lifetime, it.max_age, expires) {
            (Some(lifetime), _, _) => replayable(field, lifetime),
            (None, false, Some(true)) => replayable(&EXPIRES, "not yet passed"),
            (None, true, _) | (None, false, Some(false)) => None,
            (None, false, None) => match it.heuristic {
                Some(heuristic) => replayable(field, heuristic),
                None if self.is_dated() => replayable(&LAST_MODIFIED, "no lifetime beside it"),
                None => None,
            },
        }
    }

    fn is_dated(&self) -> bool {
        self.by_default && self.headers.contains_key(LAST_MODIFIED)
    }

    /// Rules 6 and 7.
    fn revalidated(&self, storable: bool) -> CacheRules {
        match self.validator.as_ref().filter(|_| storable) {
            Some(validator) => {
                CacheRules::new(Reuse::Revalidated, validator, "no lifetime beside it")
            }
            None => CacheRules {
                reuse: Reuse::Never,
                reason: Reason {
                    field: None,
                    detail: "neither a lifetime nor a validator",
                },
            },
        }
    }
}

/// Whether a response has no header that a cache reads. Then rule 7 applies.
pub(super) fn has_no_cache_headers(head: &response::Parts) -> bool {
    let is_read = |field: &HeaderName| {
        [CACHE_CONTROL, ETAG, EXPIRES, LAST_MODIFIED].contains(field) || is_targeted(field)
    };
    head.status != StatusCode::NOT_MODIFIED && !head.headers.keys().any(is_read)
}

fn validator(status: StatusCode, headers: &HeaderMap) -> Option<HeaderName> {
    let named = [ETAG, LAST_MODIFIED]
        .into_iter()
        .find(|it| headers.contains_key(it));
    named.or_else(|| (status == StatusCode::NOT_MODIFIED).then_some(ETAG))
}

fn is_cacheable_by_default(status: StatusCode) -> bool {
    let cacheable = [
        200, 203, 204, 206, 300, 301, 304, 308, 404, 405, 410, 414, 501,
    ];
    cacheable.contains(&status.as_u16())
}
