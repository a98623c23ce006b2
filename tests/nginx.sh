#!/usr/bin/env bash
# A real caching proxy in front of the layer. Installs nginx from Debian's packages where it is absent.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v nginx >/dev/null; then
  apt-get update -q
  apt-get install -qy --no-install-recommends nginx-light
fi
cargo test --features axum --test nginx -- --ignored
