//! The trace in the `Server-Timing` of a page.

use sentry_ssr::RootSpanLayer;

use super::{FRESH, HTML, Lines, PAGE, foreign, get_from, own};

#[tokio::test]
async fn is_off_by_default() {
    assert!(
        !get_from(own(&[HTML]), RootSpanLayer::new())
            .await
            .has_timing()
    );
}

#[tokio::test]
async fn comes_next_to_what_is_there() {
    let lines = &[HTML, ("server-timing", "db;dur=1")];
    let answer = get_from(own(lines), RootSpanLayer::new().server_timing(true)).await;
    let lines: Vec<_> = answer.headers.get_all("server-timing").iter().collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[1], "db;dur=1");
}

#[tokio::test]
async fn is_for_pages_only() {
    let layer = || RootSpanLayer::new().server_timing(true);
    assert!(
        get_from(foreign(200, &[HTML], PAGE), layer())
            .await
            .has_timing()
    );
    let json: Lines = &[("content-type", "application/json")];
    assert!(
        get_from(foreign(200, json, "{}"), layer())
            .await
            .is_silent()
    );
    assert!(get_from(foreign(303, &[], ""), layer()).await.is_silent());
}

#[tokio::test]
async fn is_not_for_pages_that_can_be_replayed() {
    let layer = RootSpanLayer::new().server_timing(true);
    assert!(get_from(own(&[HTML, FRESH]), layer).await.is_silent());
}
