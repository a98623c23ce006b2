//! A page in pieces: but for the tags it comes out as it went in, however it was cut.
//!
//! The first two bytes of an input are the lengths of its chunks, in turn.
#![no_main]

#[expect(dead_code, reason = "frames of other kinds")]
#[path = "../../tests/it/rewrite/frames.rs"]
mod frames;
#[path = "../input.rs"]
mod input;

use bytes::Bytes;
use frames::{Frames, bytes, collect};
use input::cut;
use libfuzzer_sys::fuzz_target;
use sentry_ssr::__private::LOOK_BYTES;
use sentry_ssr::RootSpanBody;

const TAGS: &[u8] = br#"<meta name="sentry-trace" content="t">"#;

fuzz_target!(|input: &[u8]| {
    let [first, second, page @ ..] = input else {
        return;
    };
    let whole = put_in(Frames::of([page.to_vec()]));
    let lengths = [usize::from(*first % 128), usize::from(*second)];
    assert_eq!(
        put_in(Frames::of(cut(page, lengths))),
        whole,
        "by any cutting"
    );
    if whole != page {
        let place = place_of_tags(page, &whole);
        assert!(place <= LOOK_BYTES);
        if !contains(page, TAGS) && !overlaps(page, place) {
            assert_eq!(
                take_out(Frames::of(cut(&whole, lengths))),
                page,
                "taken out again"
            );
        }
    }
});

fn put_in(page: Frames) -> Vec<u8> {
    let tags = Bytes::from_static(TAGS);
    bytes(&collect(RootSpanBody::inserting(page, tags)))
}

fn take_out(page: Frames) -> Vec<u8> {
    bytes(&collect(RootSpanBody::removing(
        page,
        Bytes::from_static(TAGS),
    )))
}

/// Where the tags were put in, once.
fn place_of_tags(page: &[u8], traced: &[u8]) -> usize {
    assert_eq!(
        traced.len(),
        page.len() + TAGS.len(),
        "nothing but the tags"
    );
    let same = |place: &usize| {
        traced[..*place] == page[..*place]
            && traced[*place..].starts_with(TAGS)
            && traced[*place + TAGS.len()..] == page[*place..]
    };
    (0..=page.len()).find(same).expect("the tags in one piece")
}

fn contains(page: &[u8], part: &[u8]) -> bool {
    page.windows(part.len()).any(|window| window == part)
}

/// Whether a part of the page reads as a part of the tags beside it.
fn overlaps(page: &[u8], place: usize) -> bool {
    let (before, behind) = page.split_at(place);
    (1..TAGS.len()).any(|len| before.ends_with(&TAGS[..len]) || behind.starts_with(&TAGS[len..]))
}
