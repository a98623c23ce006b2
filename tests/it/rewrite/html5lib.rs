//! The documents by which HTML parsers are tested: `tests/html5lib.sh`, which fetches them.
//!
//! Each comes as it is and behind every one of [`BEGINNINGS`], so that most are whole pages.

use std::fs;
use std::path::Path;

use super::properties::{TAGS, is_well_placed, put_in, take_out};

const BEGINNINGS: [&str; 10] = [
    "",
    "\u{feff}",
    "<!doctype html>",
    "<html>",
    "<head>",
    "<!doctype html><head>",
    "<!doctype html><html lang=en>\n<head>\n",
    "<!doctype html><head><meta charset=utf-8>",
    "<!doctype html><meta charset=utf-8><title>t</title>",
    "<!-- c --><!doctype html><head/><!-- c --><meta name=a content='>'>",
];

/// What stands between `#data` and `#errors` in every file of a folder.
fn documents(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|it| it == "dat"));
    let files = files.map(|path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned());
    let mut documents: Vec<String> = files.flat_map(|file| data_of(&file)).collect();
    documents.sort_unstable();
    documents.dedup();
    documents
}

fn data_of(file: &str) -> Vec<String> {
    let tests = file.split("#data\n").skip(1);
    let data = tests.filter_map(|test| test.split_once("\n#errors"));
    data.map(|(data, _)| data.to_owned()).collect()
}

/// Whether all that the tags change is that they are there.
fn is_unharmed(page: &str, traced: &str) -> bool {
    let is_left_alone = traced == page;
    let is_the_same = traced.replacen(TAGS, "", 1) == page;
    let is_restored = take_out(traced, TAGS, &[1]) == page;
    is_left_alone || is_the_same && is_restored && is_well_placed(page, traced)
}

#[test]
#[ignore = "needs html5lib's documents: tests/html5lib.sh"]
fn a_document_differs_by_its_tags_alone() {
    let folder = std::env::var_os("HTML5LIB_TESTS").expect("the folder of the documents");
    let (mut pages, mut traced_pages, mut wrong) = (0, 0, Vec::new());
    for document in documents(Path::new(&folder)) {
        for page in BEGINNINGS.map(|beginning| format!("{beginning}{document}")) {
            let traced = put_in(&page, &[usize::MAX]);
            if !is_unharmed(&page, &traced) {
                wrong.push(page.clone());
            }
            assert_eq!(put_in(&page, &[1]), traced, "byte by byte: {page}");
            traced_pages += usize::from(traced != page);
            pages += 1;
        }
    }
    println!("{pages} pages, {traced_pages} with tags");
    assert_eq!(wrong, Vec::<String>::new());
    assert!(pages > 15_000 && traced_pages > pages / 2);
}
