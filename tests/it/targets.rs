//! Where a trace may go: `trace_propagation_targets`.

use sentry_ssr::{PropagationTarget, RootSpan, TraceOptions, TransactionName};

fn goes(target: impl Into<PropagationTarget>, url: &str) -> bool {
    let options = TraceOptions::new().trace_propagation_targets([target.into()]);
    let span = RootSpan::start(&options, None, &TransactionName::route("GET", "/"));
    span.outgoing_to(url).is_some()
}

#[track_caller]
fn assert_includes(target: &str, urls: &[&str]) {
    for url in urls {
        assert!(goes(target, url), "{target} leaves out {url:?}");
    }
}

#[track_caller]
fn assert_excludes(target: &str, urls: &[&str]) {
    for url in urls {
        assert!(!goes(target, url), "{target} includes {url:?}");
    }
}

#[test]
fn a_target_with_a_scheme_is_the_beginning_of_a_url_and_no_part_of_one() {
    let target = "https://api.example.com/";
    assert_includes(
        target,
        &[
            "https://api.example.com/",
            "https://api.example.com",
            "https://api.example.com/users?next=https://elsewhere.example/",
            "https://api.example.com?q",
            "https://api.example.com#f",
        ],
    );
    assert_excludes(
        target,
        &[
            "https://evil.example/?next=https://api.example.com/",
            "https://evil.example/https://api.example.com/",
            "https://evil.example/#https://api.example.com/",
            "view-source:https://api.example.com/",
            "//api.example.com/",
            "/users",
            "",
        ],
    );
}

#[test]
fn an_origin_is_scheme_host_and_port() {
    assert_excludes(
        "https://api.example.com",
        &[
            "http://api.example.com/",
            "wss://api.example.com/",
            "https://api.example.com:8443/",
            "https://api.example.com.evil.example/",
            "https://api.example.community/",
            "https://evil-api.example.com/",
            "https://www.api.example.com/",
            "https://example.com/",
            "https://api.example.com./",
            "https://api.example.com:443.evil.example/",
            "https://api.example.com:+443/",
            "https://api.example.com:99999/",
        ],
    );
    assert_excludes(
        "https://api.example.com:8443",
        &["https://api.example.com/"],
    );
    assert_excludes("http://[::1]:80", &["http://[::2]/", "http://::1/"]);
}

#[test]
fn one_origin_has_many_spellings() {
    let spellings = [
        "https://api.example.com/",
        "HTTPS://API.Example.COM/",
        "https://api.example.com:443/",
        "https://api.example.com:/",
        "https://api.example.com:0443/",
        "https://user:p%40ss:word@api.example.com/",
        "https://@api.example.com:443/",
    ];
    for target in spellings {
        assert_includes(target, &spellings);
    }
    assert_includes("http://a.example", &["http://a.example:80/"]);
    assert_includes("ws://a.example", &["ws://a.example:80/"]);
    assert_includes("wss://a.example", &["wss://a.example:443/"]);
    assert_includes("grpc://a.example:50051", &["grpc://a.example:50051/x"]);
    assert_includes("http://[::1]:8080", &["http://[0:0:0:0:0:0:0:1]:8080/"]);
    assert_includes("http://127.0.0.1:3000", &["http://127.0.0.1:3000/x"]);
    assert_includes(
        "https://xn--mnchen-3ya.example",
        &["https://XN--mnchen-3ya.example/"],
    );
    assert_includes("https://münchen.example", &["https://münchen.example/"]);
}

#[test]
fn user_information_names_no_host() {
    assert_excludes(
        "https://api.example.com",
        &[
            "https://api.example.com@evil.example/",
            "https://api.example.com:443@evil.example/",
            "https://api.example.com:@evil.example/",
            "https://evil.example@api.example.com@evil.example/",
            "https://evil.example@evil.example@api.example.com/",
            "https://api.example.com%2F@evil.example/",
            "https://api.example.com%00@evil.example/",
        ],
    );
}

#[test]
fn what_clients_read_in_two_ways_is_of_no_origin() {
    assert_excludes(
        "https://api.example.com",
        &[
            r"https://api.example.com\@evil.example/",
            r"https://api.example.com\.evil.example/",
            r"https://evil.example\@api.example.com/",
            r"https:\\api.example.com\",
            r"https:/\api.example.com/",
            "https:api.example.com/",
            "https:/api.example.com/",
            "https:///api.example.com/",
            " https://api.example.com/",
            "https://api.example.com/\t",
            "ht\ntps://api.example.com/",
            "https://api.example.com\t.evil.example/",
            "https://api.example.com\r\n.evil.example/",
            "https://api.example.com\0.evil.example/",
            "https://api.example.com .evil.example/",
            "https://api%2Eexample.com/",
            "https://api.example.com%2F.evil.example/",
            "https://api.example.com%23.evil.example/",
            "https://api.example.com;.evil.example/",
            "https://api.example.com,evil.example/",
            "https://[api.example.com]/",
            "https://[::1/",
            // Full-width and other look-alikes, which some clients fold.
            "https://api.example.com／.evil.example/",
            "https://api.example.com＠evil.example/",
            "https://api。example。com/",
            "https://ａpi.example.com/",
            "https://аpi.example.com/",
        ],
    );
}

#[test]
fn a_path_includes_what_lies_below_it() {
    let target = "https://api.example.com/v1";
    assert_includes(
        target,
        &[
            "https://api.example.com/v1",
            "https://api.example.com/v1/",
            "https://api.example.com/v1/users",
            "https://api.example.com/v1?q",
            "https://api.example.com/v1#f",
        ],
    );
    assert_excludes(
        target,
        &[
            "https://api.example.com/",
            "https://api.example.com",
            "https://api.example.com/v10",
            "https://api.example.com/v1x/users",
            "https://api.example.com/V1/users",
            "https://api.example.com/x/v1",
            "https://api.example.com/?/v1",
            "https://api.example.com/#/v1",
        ],
    );
    assert_excludes("https://a.example/v1/", &["https://a.example/v1"]);
    assert_includes("https://a.example/v1/?q=1#f", &["https://a.example/v1/x"]);
}

#[test]
fn a_path_is_where_its_dots_lead() {
    let target = "https://api.example.com/v1/";
    assert_includes(
        target,
        &[
            "https://api.example.com/v1/./users",
            "https://api.example.com/v1/x/../users",
            "https://api.example.com/v2/../v1/users",
            "https://api.example.com/v1/x/..",
            "https://api.example.com/v1/.",
            "https://api.example.com/../v1/",
            "https://api.example.com/v1/.../users",
            "https://api.example.com/v1/?next=/../",
        ],
    );
    assert_excludes(
        target,
        &[
            "https://api.example.com/v1/../admin",
            "https://api.example.com/v1/..",
            "https://api.example.com/v1/%2e%2e/admin",
            "https://api.example.com/v1/.%2E/admin",
            "https://api.example.com/v1/x/../../admin",
            "https://api.example.com/v1/./../admin",
            "https://api.example.com/v1//../../admin",
        ],
    );
    assert_includes("https://a.example/x/../v1", &["https://a.example/v1/y"]);
}

#[test]
fn a_character_of_a_path_has_many_spellings() {
    for (target, url) in [
        ("https://a.example/caf%C3%A9/", "https://a.example/café/x"),
        ("https://a.example/café/", "https://a.example/caf%c3%a9/x"),
        ("https://a.example/a~b/", "https://a.example/a%7Eb/x"),
        ("https://a.example/%761/", "https://a.example/v1/x"),
        ("https://a.example/v1/", "https://a.example/%76%31/x"),
    ] {
        assert_includes(target, &[url]);
    }
    // Neither is a slash that separates.
    assert_excludes("https://a.example/a/b", &["https://a.example/a%2Fb"]);
    assert_excludes("https://a.example/a%2Fb", &["https://a.example/a/b"]);
    assert_excludes("https://a.example/a/", &["https://a.example/a%2F"]);
    assert_excludes("https://a.example/%", &["https://a.example/"]);
}

#[test]
fn a_target_that_is_no_url_names_nothing() {
    for target in [
        "https://",
        "https:///",
        "https://*.example.com",
        "https://a example",
        r"https://a.example\",
        "https://a.example:port",
        "https://a@b@c",
    ] {
        assert_excludes(target, &[target, "https://a.example/", "https:///"]);
    }
}

#[test]
fn a_text_without_a_scheme_is_a_part_of_the_address() {
    assert_includes(
        "api.example.com",
        &[
            "https://api.example.com/",
            "https://evil.example/?next=https://api.example.com/",
            "api.example.com/x",
        ],
    );
    assert_excludes("api.example.com", &["https://API.example.com/"]);
    assert_includes("/internal/", &["https://anywhere.example/internal/x"]);
    assert_includes("://localhost", &["http://localhost:3000/"]);
    assert_includes("//localhost", &["http://localhost:3000/"]);
    assert_includes("", &["https://anywhere.example/"]);
    assert!(goes(
        String::from("api.example.com"),
        "https://api.example.com/"
    ));
    assert!(!goes(
        String::from("https://api.example.com"),
        "https://evil.example/?https://api.example.com"
    ));
}

#[test]
fn a_predicate_sees_the_address_as_it_is() {
    let target = || PropagationTarget::matching(|url| url == r"https:\\odd");
    assert!(goes(target(), r"https:\\odd"));
    assert!(!goes(target(), "https://odd"));
}
