#!/usr/bin/env bash
# Real caching proxies in front of the layer. Installs them from Debian's packages where they are absent.
set -euo pipefail
cd "$(dirname "$0")/.."

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# Where Debian puts them is not on every user's path.
export PATH="$PATH:/usr/sbin"
if ! { command -v nginx && command -v varnishd && command -v gcc; } >/dev/null; then
  as_root apt-get update --quiet
  # Varnish compiles its own configuration.
  as_root apt-get install --quiet --yes --no-install-recommends nginx-light varnish gcc libc6-dev
fi
cargo test --all-features --test proxies -- --ignored
