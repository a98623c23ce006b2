//! The script that disarms stale tags, as it is printed.

use std::time::{Duration, UNIX_EPOCH};

use sentry_ssr::StaleGuard;

use crate::support::ids::SENTRY_TRACE;

fn guard() -> StaleGuard {
    let rendered = UNIX_EPOCH + Duration::from_millis(1_795_485_600_123);
    StaleGuard::new(Duration::from_secs(60), rendered)
}

#[test]
fn it_is_called_with_the_time_of_rendering_and_the_longest_age() {
    let html = guard().to_string();
    assert!(html.starts_with("<script>("), "{html}");
    assert!(html.ends_with(")(1795485600123,60000)</script>"), "{html}");
}

#[test]
fn a_nonce_is_escaped() {
    let html = guard().nonce("a\"><script>&").to_string();
    let start = "<script nonce=\"a&quot;&gt;&lt;script&gt;&amp;\">(";
    assert!(html.starts_with(start), "{html}");
}

#[test]
fn it_reads_the_same_in_xhtml() {
    let html = guard().to_string();
    let script = html
        .trim_start_matches("<script>")
        .trim_end_matches("</script>");
    assert!(!script.contains(['<', '&']), "{script}");
}

#[test]
fn it_may_know_the_trace_of_the_page() {
    let html = guard().trace(SENTRY_TRACE.parse().unwrap()).to_string();
    assert!(
        html.ends_with(&format!(",60000,'{SENTRY_TRACE}')</script>")),
        "{html}"
    );
}

/// As much as the tags that it stands behind, twice.
#[test]
fn it_is_tiny() {
    assert!(guard().to_string().len() < 800);
}

#[test]
fn a_time_before_1970_is_long_ago() {
    let html = StaleGuard::new(Duration::ZERO, UNIX_EPOCH - Duration::from_secs(1)).to_string();
    assert!(html.ends_with(")(0,0)</script>"), "{html}");
}
