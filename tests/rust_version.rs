//! The promise of `rust-version` in Cargo.toml: no dependency of a user of this crate asks for more.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--all-features", "--format-version=1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// The ids of all packages that a user of this crate compiles, at most.
fn compiled(metadata: &Value) -> BTreeSet<&str> {
    let resolve = &metadata["resolve"];
    let mut reached = BTreeSet::new();
    let mut next = vec![resolve["root"].as_str().unwrap()];
    while let Some(id) = next.pop() {
        if reached.insert(id) {
            let node = list(resolve, "nodes").iter().find(|node| node["id"] == id);
            let deps = list(node.unwrap(), "deps")
                .iter()
                .filter(|dep| is_compiled(dep));
            next.extend(deps.filter_map(|dep| dep["pkg"].as_str()));
        }
    }
    reached
}

fn is_compiled(dependency: &Value) -> bool {
    list(dependency, "dep_kinds")
        .iter()
        .any(|kind| kind["kind"] != "dev")
}

/// `1.89` and `1.89.0` are the same version.
fn version(package: &Value) -> Option<Vec<u32>> {
    let parts = package["rust_version"].as_str()?.split('.');
    let mut parts: Vec<u32> = parts.map(|part| part.parse().unwrap()).collect();
    parts.resize(3, 0);
    Some(parts)
}

#[test]
fn no_dependency_asks_for_a_newer_rust() {
    let metadata = metadata();
    let compiled = compiled(&metadata);
    let is_compiled = |package: &&Value| compiled.contains(package["id"].as_str().unwrap());
    let packages: Vec<_> = list(&metadata, "packages")
        .iter()
        .filter(is_compiled)
        .collect();
    let promised = packages
        .iter()
        .find(|package| package["name"] == "sentry-ssr");
    let promised = version(promised.unwrap()).unwrap();
    let newer: Vec<_> = packages
        .iter()
        .filter(|package| version(package).is_some_and(|version| version > promised))
        .map(|package| {
            format!(
                "{} {} asks for {}",
                package["name"], package["version"], package["rust_version"]
            )
        })
        .collect();
    assert!(packages.len() > 20, "the tree was read");
    assert_eq!(newer, [""; 0]);
}
