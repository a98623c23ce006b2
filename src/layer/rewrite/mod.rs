//! How the layer changes a response: tags inserted, removed, or moved to a header.
//!
//! A page is a response of type `text/html`. Responses of other types are changed only where values of the trace
//! were given out and may be part of them.
//!
//! 1. What a cache may do with the page decides first (the rules of `cache`). Under the default policy, a trace is
//!    part of a page only where the page is never reused. A page that is revalidated each time has its trace in
//!    `Server-Timing`, on the `200` and on the `304`. A page that can be replayed has none. Tags that were rendered
//!    into such a page are removed.
//! 2. A response with a trace is one visitor's, and says `private`.
//! 3. A body that is known whole before its head is sent is searched for the trace id. A trace in another form than
//!    that of the tags cannot be removed, nor can tags in a body that must not or cannot be changed: the page
//!    becomes unstorable. So does one that is not known whole, where tags were rendered or values were read before
//!    its head. Tags that are rendered after a head that lets caches store the page render nothing.
//! 4. Tags are inserted, where the options ask for it, unless the trace is part of the page already, or its bytes
//!    must not be changed: they are encoded (`Content-Encoding`), partial (`206`), signed, a download, or marked
//!    `no-transform`. The encoding of the page does not change, and has to be a superset of ASCII.
//! 5. A guard, where the options ask for one, follows inserted tags, and is inserted alone into a page without
//!    tags whose trace is in `Server-Timing`; in both cases unless a policy of the page blocks or reports it.
//! 6. Where the bytes of a page change, the headers that describe them follow: `Content-Length` is corrected, or
//!    removed where the outcome is not known before the body; a strong `ETag` becomes weak, also that of a `304` to
//!    a client that knows the weak one; digests and `Accept-Ranges` are removed.
//! 7. A response to `HEAD` has the headers of the response to `GET`, as far as they are known.
//! 8. A response that an inner layer has rewritten is left as it is.
//! 9. The tag with the route, where the options ask for it, is the same for every visitor: it stays in a page that
//!    loses its trace, and is inserted into each page without it. A fragment that a script asks for gets no markup.

mod attributes;
mod body;
mod csp;
mod encoding;
mod head;
mod headers;
mod insert;
mod insertion;
mod options;
mod page;
mod placement;
mod plan;
mod prescan;
mod presence;
mod remove;
mod rewriter;
mod route;
mod scanner;
mod tokenizer;

pub(super) use self::body::BodyRewrite;
pub(super) use self::headers::{content_length, correct};
pub(super) use self::insertion::Insertion;
pub use self::options::CachePolicy;
pub(super) use self::options::{Injection, RewriteOptions};
pub(super) use self::plan::{Edit, Plan};
pub(super) use self::presence::View;
pub(super) use self::rewriter::ResponseRewriter;
pub use self::scanner::{LOOK_BYTES, Scanner, Step};
