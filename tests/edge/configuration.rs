//! What the configurations print; they need no proxy.

use proptest::prelude::*;
use sentry_ssr::{TraceOptions, edge};

use crate::rig::{at_rate, options};

#[test]
fn the_examples_are_what_is_printed() {
    let options = at_rate(0.25);
    assert_eq!(
        edge::nginx(&options),
        include_str!("../../examples/edge/nginx.conf")
    );
    assert_eq!(
        edge::varnish(&options),
        include_str!("../../examples/edge/default.vcl")
    );
}

#[test]
fn nothing_is_left_to_fill_in() {
    for options in [TraceOptions::new(), options(), at_rate(0.0), at_rate(1e-9)] {
        for config in [edge::nginx(&options), edge::varnish(&options)] {
            assert!(!config.contains('@'), "{config}");
        }
    }
}

#[test]
fn a_sampler_is_not_asked_by_a_proxy() {
    let sampled = options().traces_sampler(|_| 1.0);
    assert_eq!(edge::nginx(&sampled), edge::nginx(&options()));
    assert_eq!(edge::varnish(&sampled), edge::varnish(&options()));
}

#[test]
fn a_name_that_no_header_has_room_for_is_left_out() {
    let long = options().release("r".repeat(2000));
    for config in [edge::nginx(&long), edge::varnish(&long)] {
        assert!(!config.contains("sentry-release"));
        assert!(config.contains("sentry-environment=production"));
    }
}

proptest! {
    /// Whatever a name consists of, all that it changes is its own entry.
    #[test]
    fn a_name_changes_nothing_but_its_entry(name in "\\PC{0,40}|[ -~\\n\\r\\t\"$;{}\\\\#@*/]{0,40}") {
        prop_assume!(!name.trim().is_empty());
        let with = |release: &str| at_rate(0.5).release(release);
        for print in [edge::nginx, edge::varnish] {
            let config = print(&with(&name));
            let (_, entry) = config.split_once("sentry-release=").unwrap();
            let (value, _) = entry.split_once(',').unwrap();
            prop_assert!(value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)));
            let decoded = percent_encoding::percent_decode_str(value).decode_utf8().unwrap();
            prop_assert_eq!(decoded, &*name);
            prop_assert_eq!(config.replacen(&format!("sentry-release={value}"), "sentry-release=plain", 1), print(&with("plain")));
        }
    }
}
