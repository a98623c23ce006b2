//! Tags never change which encoding the browser picks, and stay out of pages that are no superset of ASCII.

use std::time::Duration;

use sentry_ssr::RootSpanLayer;

use super::site::*;

const BARE: Line = ("content-type", "text/html");
const TAIL: &str = "</head><body>\u{e4}\u{f6}\u{fc}</body></html>";

/// A page of this much before its declaration, which is not part of the run that opens the head.
fn declared(before: usize, declaration: &str) -> Vec<u8> {
    let start = "<!doctype html><html><head><title>";
    let title = "t".repeat(before - start.len() - "</title>".len());
    format!("{start}{title}</title>{declaration}{TAIL}").into_bytes()
}

/// Where the page's declaration ends.
fn end_of(page: &[u8], declaration: &str) -> usize {
    let page = String::from_utf8_lossy(page);
    page.find(declaration).unwrap() + declaration.len()
}

async fn sent(page: Vec<u8>, content_type: Line, layer: RootSpanLayer) -> Answer {
    get_from(bytes(vec![content_type], page), layer).await
}

fn injecting() -> RootSpanLayer {
    RootSpanLayer::new().inject_tags(true)
}

fn guarding() -> RootSpanLayer {
    injecting().stale_guard(Duration::from_secs(60))
}

const DECLARATIONS: &[&str] = &[
    "<meta charset=utf-8>",
    "<META CHARSET='UTF-8'/>",
    "<meta http-equiv=Content-Type content=\"text/html; charset=utf-8\">",
    "<meta content='text/html;charset=utf-8' http-equiv=\"content-type\">",
];

#[tokio::test]
async fn a_declaration_stays_in_the_first_1024_bytes() {
    for declaration in DECLARATIONS {
        for before in [50, 500, 800, 900, 950] {
            for layer in [injecting(), guarding()] {
                let answer = sent(declared(before, declaration), BARE, layer).await;
                let end = end_of(&answer.body, declaration);
                assert!(end <= 1024, "{declaration} at {before}: {end}");
                assert_eq!(answer.tags(), 1, "{declaration} at {before}");
            }
        }
    }
}

/// A page of this before its declaration, and what becomes of it where the tags are long.
async fn with_long_tags(between: &str) -> (String, Answer) {
    let page = format!("<!doctype html><head>{between}<meta charset=utf-8>{TAIL}");
    let app = bytes(vec![BARE], page.clone().into()).layer(injecting());
    let mut request = request();
    let baggage = format!("{BAGGAGE},sentry-release={}", "r".repeat(1024));
    let headers = request.headers_mut().unwrap();
    headers.insert("baggage", baggage.parse().unwrap());
    (page, ask(&app, request).await)
}

#[tokio::test]
async fn tags_that_would_move_it_out_follow_it_where_nothing_runs_before() {
    for between in [
        "<title>t</title>",
        "<TITLE lang=en>a < b </p> &amp;</TITLE\n>",
        "<link rel=x href='>'>\n<base href=/>",
        "<!-- <script> --><title></title>",
    ] {
        let (_, answer) = with_long_tags(between).await;
        assert_eq!(answer.tags(), 1, "{between}");
        let (_, after) = answer.text().split_once("<meta charset=utf-8>").unwrap();
        assert!(after.starts_with(TAGS), "{after}");
    }
}

#[tokio::test]
async fn elsewhere_the_page_is_left_alone() {
    for between in [
        "<script>s()</script>",
        "<title>t</title><script src=s></script>",
        "<style>a{}</style>",
        "<noscript><meta></noscript>",
        "<template></template>",
        "text",
        "<body>",
        "</head>",
        "<p>",
        "<title>t",
        "<!--><script>s()</script>-->",
        "<!-- --!><script>s()</script>-->",
    ] {
        let (page, answer) = with_long_tags(between).await;
        assert_eq!(answer.text(), page, "{between}");
    }
}

#[tokio::test]
async fn where_it_stays_there_anyway_the_tags_are_inserted() {
    for declaration in DECLARATIONS {
        let answer = sent(declared(100, declaration), BARE, injecting()).await;
        assert_eq!(answer.tags(), 1, "{declaration}");
    }
}

/// The same page, sent byte by byte.
async fn sent_in_bytes(page: Vec<u8>, layer: RootSpanLayer) -> Answer {
    use axum::body::{Body, Bytes};
    let app = axum::Router::new().route(
        "/pages/{id}",
        axum::routing::get(move || async move {
            let pieces = page
                .into_iter()
                .map(|byte| Ok::<_, std::convert::Infallible>(Bytes::from(vec![byte])));
            (
                axum::response::AppendHeaders([BARE]),
                Body::from_stream(futures_util::stream::iter(pieces)),
            )
        }),
    );
    get_from(app, layer).await
}

/// What precedes the tags. They differ by the id of the span.
fn before_tags(answer: &Answer) -> String {
    let (before, _) = answer.text().split_once(TAGS).unwrap();
    before.to_owned()
}

const TAGS: &str = "<meta name=\"sentry-trace\"";

#[tokio::test]
async fn a_page_of_one_byte_at_a_time_is_treated_alike() {
    for before in [100, 900] {
        let page = declared(before, DECLARATIONS[0]);
        let whole = sent(page.clone(), BARE, injecting()).await;
        let pieces = sent_in_bytes(page, injecting()).await;
        assert_eq!(before_tags(&pieces), before_tags(&whole), "{before}");
        assert_eq!(pieces.tags(), whole.tags());
    }
}

#[tokio::test]
async fn a_meta_outweighs_an_xml_declaration_before_it() {
    let xml = "<?xml version=\"1.0\" encoding=\"iso-2022-jp\"?><!doctype html><html><head><title>t</title>";
    for (declaration, tags) in [("<meta charset=shift_jis>", 1), ("", 0)] {
        let page = format!("{xml}{declaration}{TAIL}").into_bytes();
        let whole = sent(page.clone(), BARE, injecting()).await;
        assert_eq!(whole.tags(), tags, "{declaration}");
        let pieces = sent_in_bytes(page, injecting()).await;
        assert_eq!(pieces.tags(), tags, "{declaration}, byte by byte");
    }
}

#[tokio::test]
async fn a_declaration_that_nobody_reads_does_not_count() {
    for hidden in [
        "<!-- <meta charset=utf-8> -->",
        "<meta name=charset content=utf-8>",
        "<meta charset=no-such-encoding>",
        "<meta content=\"text/html; charset=utf-8\">",
    ] {
        let answer = sent(declared(900, hidden), BARE, injecting()).await;
        assert_eq!(answer.tags(), 1, "{hidden}");
    }
}

#[tokio::test]
async fn where_the_encoding_is_known_before_the_page_the_declaration_may_move() {
    let page = || declared(950, "<meta charset=utf-8>");
    let is_first = |answer: &Answer| {
        let tags = answer.text().find(TAGS).unwrap();
        tags < answer.text().find("<title>").unwrap()
    };
    for kind in [
        "text/html; charset=utf-8",
        "text/html;charset=\"UTF-8\"",
        "text/html; x=y; Charset=latin1",
    ] {
        let answer = sent(page(), ("content-type", kind), injecting()).await;
        assert!(is_first(&answer), "{kind}");
    }
    let marked = [b"\xEF\xBB\xBF".to_vec(), page()].concat();
    let answer = sent(marked, BARE, injecting()).await;
    assert!(is_first(&answer), "a byte order mark");
}

#[tokio::test]
async fn a_charset_that_browsers_do_not_know_is_none() {
    let answer = sent(
        declared(950, "<meta charset=utf-8>"),
        ("content-type", "text/html; charset=x-unknown"),
        injecting(),
    )
    .await;
    assert!(end_of(&answer.body, "<meta charset=utf-8>") <= 1024);
}

/// Each label of an encoding in which a byte below 0x80 may be half a character.
const NO_SUPERSETS: &[&str] = &[
    "iso-2022-jp",
    "csISO2022JP",
    "ISO-2022-JP",
    "iso-2022-kr",
    "csiso2022kr",
    "iso-2022-cn",
    "iso-2022-cn-ext",
    "hz-gb-2312",
    "replacement",
];

#[tokio::test]
async fn a_page_in_an_encoding_that_is_no_superset_of_ascii_is_left_alone() {
    const PAGE: &str = "<!doctype html><html><head><title>t</title></head></html>";
    for label in NO_SUPERSETS
        .iter()
        .chain(&["utf-16", "UTF-16LE", "utf-16be", "unicode", "ucs-2"])
    {
        let kind = format!("text/html; charset={label}").leak();
        let answer = sent(PAGE.into(), ("content-type", kind), guarding()).await;
        assert_eq!(answer.text(), PAGE, "{label} in the header");
    }
    for label in NO_SUPERSETS {
        for declaration in [
            format!("<meta charset={label}>"),
            format!("<meta http-equiv=content-type content='text/html; charset={label}'>"),
        ] {
            for page in [
                format!("<!doctype html><html><head>{declaration}<title>t</title>"),
                format!("<!doctype html><html><head><title>t</title>{declaration}"),
            ] {
                let answer = sent(page.clone().into(), BARE, guarding()).await;
                assert_eq!(answer.text(), page, "{label} in the page");
            }
        }
    }
}

#[tokio::test]
async fn a_page_that_calls_itself_utf_16_in_ascii_is_utf_8() {
    for label in ["utf-16", "UTF-16LE", "utf-16be", "unicode"] {
        let page = format!("<!doctype html><html><head><meta charset={label}><title>t</title>");
        assert_eq!(
            sent(page.into(), BARE, injecting()).await.tags(),
            1,
            "{label}"
        );
    }
}

#[tokio::test]
async fn the_header_outweighs_the_page() {
    let page = "<!doctype html><html><head><meta charset=iso-2022-jp><title>t</title>";
    assert_eq!(sent(page.into(), HTML, injecting()).await.tags(), 1);
}

#[tokio::test]
async fn encodings_that_are_supersets_get_their_tags() {
    for label in [
        "utf-8",
        "iso-8859-1",
        "windows-1252",
        "shift_jis",
        "euc-jp",
        "gbk",
        "gb18030",
        "big5",
        "euc-kr",
        "koi8-r",
        "x-user-defined",
    ] {
        let kind = format!("text/html; charset={label}").leak();
        let page = "<!doctype html><html><head><title>t</title>";
        assert_eq!(
            sent(page.into(), ("content-type", kind), injecting())
                .await
                .tags(),
            1,
            "{label}"
        );
    }
}

#[tokio::test]
async fn real_utf_16_is_left_alone() {
    for mark in [&b"\xFF\xFE"[..], b"\xFE\xFF", b""] {
        let text = "<!doctype html><html><head><title>t</title>".encode_utf16();
        let page: Vec<u8> = mark
            .iter()
            .copied()
            .chain(text.flat_map(u16::to_le_bytes))
            .collect();
        let answer = sent(page.clone(), BARE, guarding()).await;
        assert_eq!(answer.body, page);
    }
}
