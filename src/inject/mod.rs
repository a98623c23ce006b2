//! Pages whose template cannot be edited: the tags are spliced into the stream of the response.
//!
//! | part | what it knows |
//! | --- | --- |
//! | [`Scanner`] | where in the bytes of a page the tags belong |
//! | [`EditBody`] | a response body with the tags put in, or taken out |
//! | [`StaleGuard`] | a script that disarms the tags of a page which some cache has kept too long |

mod body;
mod guard;
mod insert;
mod scan;
mod take_out;
mod token;

pub use self::body::EditBody;
pub(crate) use self::body::to_bytes;
pub use self::guard::StaleGuard;
pub use self::scan::{LOOK_BYTES, Scanner, Step};
pub use self::token::Syntax;
