//! The body that puts tags in or takes them out, frame by frame.

use super::frames::{Frames, Part, collect, next, prime, text};
use bytes::Bytes;
use http_body::Body;
use sentry_ssr::__private::LOOK_BYTES;
use sentry_ssr::RootSpanBody;

const TAGS: &str = "<meta 1><meta 2>";

fn put_in(frames: Frames) -> RootSpanBody<Frames> {
    RootSpanBody::inserting(frames, Bytes::from_static(TAGS.as_bytes()))
}

fn take_out(frames: Frames) -> RootSpanBody<Frames> {
    RootSpanBody::removing(frames, Bytes::from_static(TAGS.as_bytes()))
}

#[test]
fn tags_are_inserted_behind_the_run() {
    let page = ["<!doctype html><he", "ad><meta a", "> ", "<", "title>"];
    let parts = collect(put_in(Frames::of(page)));
    assert_eq!(
        text(&parts),
        "<!doctype html><head><meta a><meta 1><meta 2> <title>"
    );
}

#[test]
fn a_page_that_ends_in_the_run_gets_its_tags() {
    let parts = collect(put_in(Frames::of(["<head><meta a> "])));
    assert_eq!(text(&parts), "<head><meta a><meta 1><meta 2> ");
}

#[test]
fn a_fragment_passes_as_it_is() {
    let parts = collect(put_in(Frames::of(["<p>", "Hello"])));
    assert_eq!(text(&parts), "<p>Hello");
}

#[test]
fn an_empty_body_stays_empty() {
    let body = put_in(Frames::of([""; 0]).with_known_size().with_known_end());
    assert!(body.is_end_stream());
    assert_eq!(body.size_hint().exact(), Some(0));
    assert_eq!(text(&collect(body)), "");
}

#[test]
fn frames_behind_the_tags_are_the_very_same_bytes() {
    let first = Bytes::from("<head><title>t</title>");
    let second = Bytes::from(vec![b'x'; 1024 * 1024]);
    let parts = collect(put_in(Frames::of([first, second.clone()])));
    let data: Vec<_> = parts.iter().filter_map(Part::data).collect();
    assert_eq!(data.len(), 2);
    assert_eq!(data[0], "<head><meta 1><meta 2><title>t</title>");
    assert_eq!(data[1].as_ptr(), second.as_ptr());
    assert_eq!(data[1].len(), second.len());
}

#[test]
fn the_rest_of_a_long_frame_is_the_very_same_bytes() {
    for (length, frames) in [(LOOK_BYTES, 1), (LOOK_BYTES + 1, 2)] {
        let page = Bytes::from(format!("<head>{}", "x".repeat(length)));
        let parts = collect(put_in(Frames::of([page.clone()])));
        let data: Vec<_> = parts.iter().filter_map(Part::data).collect();
        assert_eq!(data.len(), frames);
        let is_same = data.last().unwrap().as_ptr() == page[6..].as_ptr();
        assert_eq!(is_same, frames == 2);
    }
}

#[test]
fn trailers_come_behind_what_was_held() {
    for body in [put_in, take_out] {
        let parts = collect(body(Frames::of(["<head><meta 1>"]).with_trailers()));
        assert!(matches!(parts.last(), Some(Part::Trailers)));
        assert!(text(&parts).starts_with("<head><meta 1>"));
    }
}

#[test]
fn an_error_comes_behind_what_was_held() {
    for body in [put_in, take_out] {
        let parts = collect(body(Frames::of(["<p><meta 1>"]).with_error()));
        assert!(matches!(parts.last(), Some(Part::Error)));
        assert_eq!(text(&parts), "<p><meta 1>");
    }
}

#[test]
fn waiting_passes_through_and_nothing_is_lost() {
    let mut body = put_in(Frames::of(["<head><me"]).then_waiting().then("ta a><p>"));
    assert_eq!(next(&mut body).unwrap(), Part::Data("<head>".into()));
    assert!(next(&mut body).is_none());
    assert_eq!(text(&collect(body)), "<meta a><meta 1><meta 2><p>");
}

#[test]
fn the_size_is_open_until_the_place_is_known() {
    let mut body = put_in(Frames::of(["<head><me", "ta a>", "<p>"]).with_known_size());
    assert_eq!(body.size_hint().lower(), 17);
    assert_eq!(body.size_hint().upper(), Some(17 + 16));
    assert_eq!(next(&mut body), Some(Part::Data("<head>".into())));
    assert_eq!(body.size_hint().lower(), 11);
    assert_eq!(body.size_hint().upper(), Some(11 + 16));
    assert_eq!(next(&mut body), Some(Part::Data("<me".into())));
    assert_eq!(next(&mut body), Some(Part::Data("ta a>".into())));
    prime(&mut body);
    assert_eq!(body.size_hint().exact(), Some(3 + 16));
    let last = format!("{TAGS}<p>");
    assert_eq!(next(&mut body), Some(Part::Data(last.into())));
    assert_eq!(body.size_hint().exact(), Some(0));
}

#[test]
fn the_size_without_tags_is_at_most_what_it_was() {
    let mut body = take_out(Frames::of(["<head>", TAGS, "<p>"]).with_known_size());
    assert_eq!(body.size_hint().lower(), 0);
    assert_eq!(body.size_hint().upper(), Some(6 + 16 + 3));
    assert_eq!(next(&mut body), Some(Part::Data("<head>".into())));
    assert_eq!(next(&mut body), Some(Part::Data("<p>".into())));
}

#[test]
fn a_primed_page_knows_its_length() {
    let page = "<!doctype html><head><title>t</title>";
    let mut body = put_in(Frames::of([page]).with_known_size().with_known_end());
    assert_eq!(body.growth(), None);
    prime(&mut body);
    assert_eq!(body.growth(), Some(16));
    assert_eq!(body.size_hint().exact(), Some(page.len() as u64 + 16));
    assert!(!body.is_end_stream());
    assert_eq!(text(&collect(body)).len(), page.len() + 16);
}

#[test]
fn a_primed_fragment_knows_its_length() {
    let mut body = put_in(Frames::of(["<p>"]).with_known_size().with_known_end());
    prime(&mut body);
    assert_eq!(body.growth(), Some(0));
    assert_eq!(body.size_hint().exact(), Some(3));
}

#[test]
fn a_primed_page_without_its_tags_knows_its_length() {
    let page = format!("<head>{TAGS}<title>t</title>{TAGS}");
    let mut body = take_out(Frames::of([page]).with_known_size().with_known_end());
    prime(&mut body);
    assert_eq!(body.growth(), Some(-32));
    assert_eq!(body.size_hint().exact(), Some(22));
}

#[test]
fn priming_does_not_wait() {
    let mut body = put_in(Frames::of([""; 0]).then_waiting().then("<head>"));
    prime(&mut body);
    assert_eq!(body.growth(), None);
    assert_eq!(text(&collect(body)), format!("<head>{TAGS}"));
}

#[test]
fn priming_twice_reads_on() {
    let mut body = put_in(Frames::of(["<he", "ad><p>", "x"]));
    prime(&mut body);
    assert_eq!(body.growth(), None);
    prime(&mut body);
    assert_eq!(body.growth(), Some(16));
    prime(&mut body);
    assert_eq!(text(&collect(body)), format!("<head>{TAGS}<p>x"));
}

#[test]
fn no_more_than_the_bound_is_held() {
    let page = format!("<head><meta a='{}", "x".repeat(2 * LOOK_BYTES));
    let frames = Frames::of(page.as_bytes().chunks(1).map(Bytes::copy_from_slice));
    let given = frames.given();
    let (mut sent, mut most) = (0, 0);
    for part in parts_of(put_in(frames)) {
        most = most.max(given.get().saturating_sub(sent));
        sent += part.len();
    }
    assert_eq!(sent, page.len() + TAGS.len());
    assert_eq!(most, LOOK_BYTES - "<head>".len());
}

#[test]
fn no_more_than_the_tags_less_one_byte_is_held() {
    let frames = Frames::of(["<p>", &TAGS[..15]]).then_waiting().then("x");
    let mut body = take_out(frames.with_known_size());
    assert_eq!(next(&mut body), Some(Part::Data("<p>".into())));
    assert_eq!(next(&mut body), None);
    assert_eq!(body.size_hint().upper(), Some(15 + 1));
    assert_eq!(next(&mut body), Some(Part::Data(TAGS[..15].into())));
    assert_eq!(body.size_hint().upper(), Some(1));
}

/// The body's data one after the other, each when it is asked for.
fn parts_of(mut body: RootSpanBody<Frames>) -> impl Iterator<Item = Bytes> {
    std::iter::from_fn(move || next(&mut body)?.data().cloned())
}

#[test]
fn every_place_is_removed() {
    let page = [TAGS, "<head><meta 1><meta 2", "><meta 1>", TAGS, "<met"];
    let parts = collect(take_out(Frames::of(page)));
    assert_eq!(text(&parts), "<head><meta 1><met");
}

#[test]
fn a_beginning_that_breaks_off_into_another_is_found() {
    let body = RootSpanBody::removing(
        Frames::of(["aabaab", "aaab"]),
        Bytes::from_static(b"aabaaa"),
    );
    assert_eq!(text(&collect(body)), "aabb");
}

#[test]
fn frames_without_tags_are_the_very_same_bytes() {
    let page = Bytes::from(vec![b'x'; 1024]);
    let parts = collect(take_out(Frames::of([page.clone()])));
    assert_eq!(parts[0].data().unwrap().as_ptr(), page.as_ptr());
}

#[test]
fn to_remove_nothing_changes_nothing() {
    let body = RootSpanBody::removing(Frames::of(["abc"]).with_known_size(), Bytes::new());
    assert_eq!(body.growth(), Some(0));
    assert_eq!(body.size_hint().exact(), Some(3));
    assert_eq!(text(&collect(body)), "abc");
}

#[test]
fn other_buffers_than_bytes_are_taken() {
    let page = http_body_util::Full::new(&b"<head><p>"[..]);
    let body = RootSpanBody::inserting(page, Bytes::from_static(b"<meta>"));
    assert_eq!(text(&collect(body)), "<head><meta><p>");
}
