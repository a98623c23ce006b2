//! Whether a browser is still in a page's head, and has run no script yet.

use super::attributes::{Attributes, is_space};

/// Whether these bytes, read in a head, leave the browser there: white space, comments, and elements that have
/// no children and run nothing.
pub(super) fn stays_in_head(bytes: &[u8]) -> bool {
    let mut rest = bytes.trim_ascii_start();
    while !rest.is_empty() {
        match after_comment(rest).or_else(|| after_element(rest)) {
            Some(after) => rest = after.trim_ascii_start(),
            None => return false,
        }
    }
    true
}

/// What follows a comment that all browsers read alike.
fn after_comment(bytes: &[u8]) -> Option<&[u8]> {
    let comment = bytes.strip_prefix(b"<!--")?;
    let end = memchr::memmem::find(comment, b"-->")?;
    let text = comment.get(..end)?;
    let ends_early = text.starts_with(b">")
        || text.starts_with(b"->")
        || memchr::memmem::find(text, b"--!>").is_some();
    comment.get(end + 3..).filter(|_| !ends_early)
}

/// What follows a `<meta>`, `<link>`, `<base>` or `<title>` element.
fn after_element(bytes: &[u8]) -> Option<&[u8]> {
    let (name, after) = tag(bytes.strip_prefix(b"<")?)?;
    let is = |names: &[&str]| {
        names
            .iter()
            .any(|it| name.eq_ignore_ascii_case(it.as_bytes()))
    };
    if is(&["meta", "link", "base"]) {
        return Some(after);
    }
    if is(&["title"]) {
        return after_title(after);
    }
    None
}

/// What follows the end tag of a title that has begun.
fn after_title(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        let end = memchr::memmem::find(text, b"</")?;
        text = text.get(end + 2..)?;
        match tag(text) {
            Some((name, after)) if name.eq_ignore_ascii_case(b"title") => return Some(after),
            _ => {}
        }
    }
}

/// The name of a tag, and what follows the tag.
fn tag(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let ends_name = |byte: &u8| is_space(*byte) || matches!(byte, b'/' | b'>');
    let end = bytes.iter().position(ends_name)?;
    let (name, tail) = bytes.split_at(end);
    let mut attributes = Attributes::new(tail);
    attributes.by_ref().for_each(drop);
    let after = attributes.rest().get(1..)?;
    (!attributes.is_cut).then_some((name, after))
}
