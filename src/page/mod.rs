//! What becomes of a response on its way out: tags put in, taken out, or told in a header.
//!
//! A page is a response of `text/html` or `application/xhtml+xml`, and every response for which the
//! tags were printed. Nothing else is looked at.
//!
//! 1. What a cache may do with the page decides first ([`reuse`](crate::reuse)). Under the default
//!    policy, tags stand only in pages that are never reused; a page that is revalidated each time
//!    carries its trace in `Server-Timing`, on the `200` and on the `304`; one that can be replayed
//!    carries none. Tags that were printed into such a page are taken out of its stream.
//! 2. Tags are put in, where that is asked for, unless the request has printed them itself, the body
//!    is encoded (`Content-Encoding`) or partial (`206`), or there is none.
//! 3. A guard, where one is asked for, stands behind tags that are put in, and alone in a page without
//!    tags whose trace is told in `Server-Timing`. A page that may yet print its tags while it is sent
//!    is watched for these instead, where a cache may keep it; elsewhere its guard comes before them
//!    and knows only of the header.
//! 4. Where the bytes of a page change, what was said about them goes: `Content-Length` is corrected,
//!    or dropped where the outcome is not known before the body; a strong `ETag` becomes weak;
//!    digests and `Accept-Ranges` are removed.
//! 5. A response to `HEAD` says what that to `GET` would say, as far as it is known.
//! 6. Tags that cannot be taken out, because the body is encoded already, are not left for a cache:
//!    the page is made unstorable.

mod body;
mod changed;
mod kind;
mod notice;
mod options;
mod tags;
mod treat;
mod visit;

pub(crate) use self::body::PageBody;
pub use self::options::ReusePolicy;
pub(crate) use self::options::{Injection, PageOptions};
pub(crate) use self::visit::Visit;
