#!/usr/bin/env bash
# docs/workloads.md has a row for every workload that the program knows, and for none that it does not.
#
#   workloads_doc.sh SOCKSCOPE DOCUMENT
set -euo pipefail

known=$("$1" compare --help | sed -nE 's/.*--workload TEXT:\{([a-z,]*)\}.*/\1/p' | tr , '\n' | LC_ALL=C sort)
[ -n "$known" ] || { echo "no workloads found in $1 compare --help"; exit 1; }
# shellcheck disable=SC2016 # Backticks of Markdown.
documented=$(sed -nE 's/^\| `([a-z]+)` \|.*/\1/p' "$2" | LC_ALL=C sort)
diff <(echo "$known") <(echo "$documented") || { echo 'workloads: --help (<), document (>)'; exit 1; }
