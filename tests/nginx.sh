#!/usr/bin/env bash
# A real caching proxy in front of the layer. Installs nginx from Debian's packages where it is absent.
set -euo pipefail
cd "$(dirname "$0")/.."

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# Where Debian puts it is not on every user's path.
export PATH="$PATH:/usr/sbin"
if ! command -v nginx >/dev/null; then
  as_root apt-get update --quiet
  as_root apt-get install --quiet --yes --no-install-recommends nginx-light
fi
cargo test --all-features --test nginx -- --ignored
