#!/usr/bin/env bash
# The documents of html5lib's tests, as Debian's packages carry them, with tags put into them. Nothing is installed.
set -euo pipefail
cd "$(dirname "$0")/.."

folder="$PWD/target/html5lib"
documents="$folder/usr/share/gocode/src/golang.org/x/net/html/testdata/webkit"
if [ ! -d "$documents" ]; then
  mkdir -p "$folder"
  (cd "$folder" && apt-get download --quiet golang-golang-x-net-dev && dpkg-deb --extract ./*.deb .)
fi
HTML5LIB_TESTS="$documents" cargo test --all-features --test it html5lib -- --ignored --nocapture
