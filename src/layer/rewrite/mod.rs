//! How the layer changes a response: tags inserted, removed, or moved to a header.
//!
//! A page is a response of type `text/html`, and every response for which the tags were rendered. Other responses
//! are not changed.
//!
//! 1. What a cache may do with the page decides first (the rules of `cache`). Under the default policy, tags are
//!    part of a page only where it is never reused. A page that is revalidated each time has its trace in
//!    `Server-Timing`, on the `200` and on the `304`. A page that can be replayed has none. Tags that were
//!    rendered into such a page are removed from its stream.
//! 2. Tags are inserted, where the options ask for it, unless the request has rendered them itself, the body is
//!    encoded (`Content-Encoding`) or partial (`206`), or there is none.
//! 3. A guard, where the options ask for one, follows inserted tags, and is inserted alone into a page without
//!    tags whose trace is in `Server-Timing`. A page that may yet render its tags while it is sent is searched for
//!    them instead, where a cache may keep it; elsewhere its guard comes before the tags and knows only the header.
//! 4. Where the bytes of a page change, the headers that describe them follow: `Content-Length` is corrected, or
//!    removed where the outcome is not known before the body; a strong `ETag` becomes weak; digests and
//!    `Accept-Ranges` are removed.
//! 5. A response to `HEAD` has the headers of the response to `GET`, as far as they are known.
//! 6. The tag with the route, where the options ask for it, is the same for every visitor: it stays in a page that
//!    loses its trace, and is inserted into one without tags. A fragment that a script asks for gets none of this.
//! 7. Tags that cannot be removed, because the body is already encoded, are not left to a cache: the page becomes
//!    unstorable.

mod body;
mod csp;
mod headers;
mod insert;
mod options;
mod page;
mod remove;
mod rewriter;
mod route;
mod scanner;
mod tokenizer;

pub(super) use self::body::BodyRewrite;
pub(super) use self::headers::{content_length, correct, has_body};
pub use self::options::CachePolicy;
pub(super) use self::options::{Injection, RewriteOptions};
pub(super) use self::rewriter::{Edit, ResponseRewriter};
pub use self::scanner::{LOOK_BYTES, Scanner, Step};
