//! The scripts for the browser, as a page contains them.

use sentry_ssr::{NavigationScript, PageloadScript};

#[test]
fn nothing_in_a_script_ends_its_element() {
    let sources = [
        PageloadScript::SOURCE,
        NavigationScript::htmx().source(),
        NavigationScript::turbo().source(),
    ];
    for source in sources {
        assert!(!source.contains("</") && !source.contains("<!"));
        assert!(source.is_ascii());
    }
}

#[test]
fn a_script_with_a_nonce_has_at_most_two_kilobytes() {
    let nonce = "0123456789abcdef0123456789abcdef";
    let scripts = [
        PageloadScript::new().nonce(nonce).to_string(),
        NavigationScript::htmx().nonce(nonce).to_string(),
        NavigationScript::turbo().nonce(nonce).to_string(),
    ];
    for script in scripts {
        assert!(script.len() <= 2048, "{}", script.len());
    }
}

#[test]
fn a_nonce_is_escaped() {
    let script = NavigationScript::htmx().nonce("\"><b>").to_string();
    assert!(script.starts_with("<script nonce=\"&quot;&gt;&lt;b&gt;\">("));
}
