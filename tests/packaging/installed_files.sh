#!/usr/bin/env bash
# Installs a build tree into an empty prefix and checks that what arrives is what was promised, and works.
#
#   installed_files.sh BUILD_DIRECTORY
set -euo pipefail
build=$1
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT

cmake --install "$build" --prefix "$prefix" >/dev/null

diff <(find "$prefix" -type f -printf '%m %P\n' | LC_ALL=C sort -k2) - <<'EXPECTED' || { echo 'installed (<) is not what was expected (>)'; exit 1; }
755 bin/socket_bench
755 bin/sockscope
644 share/bash-completion/completions/sockscope
644 share/doc/sockscope/CHANGELOG.md
644 share/doc/sockscope/LICENSE
644 share/doc/sockscope/README.md
644 share/man/man1/sockscope.1
EXPECTED

"$prefix/bin/sockscope" --version | grep -qx 'sockscope [0-9]*\.[0-9]*\.[0-9]*' || { echo 'sockscope --version says no version'; exit 1; }
"$prefix/bin/socket_bench" --benchmark_list_tests | grep -qx 'round_trip/tcp/64/processes'
