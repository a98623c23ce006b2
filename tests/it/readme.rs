//! The README says what the repository holds.

use std::path::Path;

const README: &str = include_str!("../../README.md");
const MANIFEST: &str = include_str!("../../Cargo.toml");
const GUIDE: &str = "https://docs.rs/sentry-ssr/latest/sentry_ssr/guide/";
const SOURCE: &str = "https://docs.rs/crate/sentry-ssr/latest/source/";

/// The text between two texts, of which the second is looked for behind the first.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text.split_once(from).unwrap();
    rest.split_once(to).unwrap().0
}

/// Where the links and pictures of the README lead.
fn targets() -> impl Iterator<Item = &'static str> {
    let inline = README.split("](").skip(1);
    let inline = inline.filter_map(|rest| Some(rest.split_once(')')?.0));
    let referenced = README.split("]: ").skip(1);
    inline.chain(referenced.filter_map(|rest| rest.lines().next()))
}

fn targets_below(base: &str) -> impl Iterator<Item = &'static str> {
    targets().filter_map(move |target| target.strip_prefix(base))
}

#[test]
fn its_program_is_the_quickstart_example() {
    let example = include_str!("../../examples/quickstart.rs");
    let (_header, program) = example.split_once("\n\n").unwrap();
    assert_eq!(between(README, "```rust,no_run\n", "```"), program);
}

#[test]
fn every_link_and_picture_works_outside_of_the_repository() {
    assert!(targets().count() > 12);
    for target in targets() {
        let is_anchor = target == "#license";
        assert!(target.starts_with("https://") || is_anchor, "{target}");
    }
}

#[test]
fn every_linked_chapter_is_in_the_guide() {
    let guide = include_str!("../../src/guide/mod.rs");
    for chapter in targets_below(GUIDE).filter(|chapter| !chapter.is_empty()) {
        let chapter = chapter.trim_end_matches('/');
        assert!(
            guide.contains(&format!("pub mod {chapter} {{")),
            "{chapter}"
        );
    }
}

#[test]
fn every_linked_file_is_in_the_package() {
    let packaged = between(MANIFEST, "\ninclude = [", "]");
    for path in targets_below(SOURCE) {
        let path = path.trim_end_matches('/');
        assert!(
            Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists(),
            "{path}"
        );
        assert!(packaged.contains(&format!("\"{path}\"")), "{path}");
    }
}

#[test]
fn every_feature_of_the_table_exists() {
    let features = between(MANIFEST, "[features]\n", "\n[dependencies]");
    let table = between(README, "| --- | --- | --- |\n", "\n\n");
    for names in table.lines().filter_map(|row| row.split('|').nth(1)) {
        for name in names.split('`').skip(1).step_by(2) {
            assert!(features.contains(&format!("\n{name} = ")), "{name}");
        }
    }
}
