//! Responses whose bytes are not ours to change.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::AppendHeaders;
use axum::routing::get;
use sentry_ssr::{CachePolicy, RootSpanLayer};

use super::site::*;

const PAGE: &str = "<!doctype html><html><head><title>t</title></head></html>";

const LEFT_ALONE: &[(&str, &[Line])] = &[
    (
        "no-transform",
        &[HTML, ETAG, ("cache-control", "no-store, no-transform")],
    ),
    (
        "No-Transform on a line of its own",
        &[
            HTML,
            ETAG,
            ("cache-control", "no-store"),
            ("cache-control", "No-Transform"),
        ],
    ),
    (
        "a download",
        &[
            HTML,
            ETAG,
            ("cache-control", "no-store"),
            ("content-disposition", "attachment; filename=\"page.html\""),
        ],
    ),
    (
        "a download without a name",
        &[
            HTML,
            ETAG,
            ("cache-control", "no-store"),
            ("content-disposition", "Attachment"),
        ],
    ),
    (
        "a download whose kind is unknown",
        &[
            HTML,
            ETAG,
            ("cache-control", "no-store"),
            ("content-disposition", "x-save"),
        ],
    ),
    (
        "a signature over digests",
        &[
            HTML,
            ETAG,
            ("cache-control", "no-store"),
            ("content-digest", "sha-256=:x:"),
            (
                "signature-input",
                "sig1=(\"@status\" \"content-digest\");created=1",
            ),
            ("signature", "sig1=:x:"),
        ],
    ),
    (
        "a signature over the representation's digest",
        &[
            HTML,
            ETAG,
            ("cache-control", "no-store"),
            ("repr-digest", "sha-256=:x:"),
            ("signature-input", "sig1=(\"repr-digest\");keyid=\"k\""),
            ("signature", "sig1=:x:"),
        ],
    ),
    (
        "an old signature over a digest",
        &[
            HTML,
            ETAG,
            ("cache-control", "no-store"),
            ("digest", "SHA-256=x"),
            (
                "signature",
                "keyId=\"k\",headers=\"date digest\",signature=\"x\"",
            ),
        ],
    ),
    (
        "a digest in trailers",
        &[
            HTML,
            ETAG,
            ("cache-control", "no-store"),
            ("trailer", "Content-Digest"),
        ],
    ),
    (
        "a digest among trailers",
        &[
            HTML,
            ETAG,
            ("cache-control", "no-store"),
            ("trailer", "x, repr-digest"),
        ],
    ),
    (
        "an old digest in trailers",
        &[
            HTML,
            ETAG,
            ("cache-control", "no-store"),
            ("trailer", "Digest"),
        ],
    ),
    (
        "XHTML",
        &[
            ("content-type", "application/xhtml+xml"),
            ETAG,
            ("cache-control", "no-store"),
        ],
    ),
];

/// Without the words that keep caches from them.
fn storable(lines: &[Line]) -> Vec<Line> {
    let lines = lines
        .iter()
        .map(|(name, value)| (*name, value.trim_start_matches("no-store, ")));
    lines.filter(|line| line.1 != "no-store").collect()
}

fn layer() -> RootSpanLayer {
    RootSpanLayer::new()
        .inject_tags(true)
        .stale_guard(Duration::from_secs(60))
}

#[tokio::test]
async fn they_get_no_tags_and_keep_their_etag() {
    for (name, lines) in LEFT_ALONE {
        let answer = get_from(foreign(lines, PAGE), layer()).await;
        assert_eq!(answer.text(), PAGE, "{name}");
        for (header, _) in *lines {
            let before: Vec<_> = lines
                .iter()
                .filter(|line| line.0 == *header)
                .map(|line| line.1)
                .collect();
            assert_eq!(answer.header(header).unwrap(), before.join(", "), "{name}");
        }
    }
}

#[tokio::test]
async fn they_get_no_guard_either() {
    for (name, lines) in LEFT_ALONE {
        let lines: Vec<Line> = storable(lines);
        let answer = get_from(
            foreign(lines.leak(), PAGE),
            RootSpanLayer::new()
                .server_timing(true)
                .stale_guard(Duration::from_secs(60)),
        )
        .await;
        assert_eq!(answer.text(), PAGE, "{name}");
        assert_eq!(answer.header("etag").unwrap(), "\"v1\"", "{name}");
    }
}

#[tokio::test]
async fn tags_in_them_are_not_removed_but_kept_from_caches() {
    for (name, lines) in LEFT_ALONE {
        let mut lines: Vec<Line> = storable(lines);
        lines.push(FRESH);
        let page = page(lines.leak(), |span| {
            format!("{BEFORE}{}{AFTER}", tags(span))
        });
        let answer = get_from(page, RootSpanLayer::new()).await;
        assert!(answer.has_trace_in_page(), "{name}");
        assert!(answer.is_unstorable(), "{name}: {answer:?}");
    }
}

#[tokio::test]
async fn without_tags_they_stay_whole_under_every_policy() {
    for policy in [
        CachePolicy::Untraced,
        CachePolicy::Unstorable,
        CachePolicy::Keep,
    ] {
        let lines = &[HTML, ETAG, ("cache-control", "max-age=60, no-transform")];
        let answer = get_from(foreign(lines, PAGE), layer().cache_policy(policy)).await;
        assert_eq!(answer.text(), PAGE);
        assert_eq!(answer.cache_control(), "max-age=60, no-transform");
        assert_eq!(answer.header("etag").unwrap(), "\"v1\"");
    }
}

#[tokio::test]
async fn what_only_looks_like_them_is_a_page() {
    let table: &[(&str, Vec<Line>)] = &[
        (
            "another directive",
            vec![HTML, ("cache-control", "x-no-transform")],
        ),
        (
            "shown in place",
            vec![
                HTML,
                ("content-disposition", "inline; filename=\"attachment\""),
            ],
        ),
        (
            "a signature over headers",
            vec![
                HTML,
                ("signature-input", "sig1=(\"@status\" \"date\");created=1"),
                ("signature", "sig1=:x:"),
            ],
        ),
        (
            "a digest without a signature",
            vec![HTML, ("content-digest", "sha-256=:x:")],
        ),
        ("another trailer", vec![HTML, ("trailer", "server-timing")]),
    ];
    for (name, lines) in table {
        let lines = lines.clone();
        let page = move || async move { (AppendHeaders(lines), Body::from(PAGE)) };
        let app = Router::new().route("/pages/{id}", get(page));
        assert_eq!(get_from(app, layer()).await.tags(), 1, "{name}");
    }
}
