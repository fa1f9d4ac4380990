#!/usr/bin/env bash
# The gate as a step of a workflow: reports into build/gate/, the verdict into the step summary, an annotation for each figure
# that got worse. Status 3, cannot tell, is a warning and no failure.
#
#   BASELINE=results/baselines .github/gate.sh [OPTIONS of sockscope gate]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

out=build/gate
rm -rf "$out"
mkdir -p "$out"
status=0
"${SOCKSCOPE:-build/sockscope}" gate --baseline "${BASELINE:-results/baselines}" --junit "$out"/junit.xml \
  --markdown "$out"/summary.md --openmetrics "$out"/sockscope.prom --google-benchmark "$out"/benchmark.json \
  --keep "$out"/runs "$@" >"$out"/report.txt 2> >(tee "$out"/talk.txt >&2) || status=$?
cat "$out"/report.txt
[ ! -e "$out"/summary.md ] || cat "$out"/summary.md >>"${GITHUB_STEP_SUMMARY:-/dev/null}"

# The reasons of the verdict stand between the lines that begin with "baseline" and the table, a figure each.
annotate() { sed -n '/^baseline /,/^$/ s/^  \(.*\)$/\1/p' "$out"/report.txt | sed "s/^/::$1 title=socket path::/"; }

case $status in
  0) ;;
  1) annotate error ;;
  3) annotate warning; echo "::warning title=socket path::the gate cannot tell"; status=0 ;;
  *) echo "::error title=socket path::sockscope gate ended with status $status" ;;
esac
exit $status
