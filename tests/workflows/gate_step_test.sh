#!/usr/bin/env bash
# What the gate's step does with each verdict: summary, annotations, exit status. The program is one of ours that says what
# we want to see.
#
#   gate_step_test.sh SOURCE_DIRECTORY
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/tree/.github"
cp "$1/.github/gate.sh" "$scratch/tree/.github"

cat >"$scratch/sockscope" <<'EOF2'
#!/usr/bin/env bash
printf 'sockscope gate: echo\n%s\n\nbaseline b of today, measured 2 times\n%s\n\n  tcp.syscalls   4.0  5.0\n' "$VERDICT" "$REASONS"
while [ $# -gt 0 ]; do
  [ "$1" != --markdown ] || echo "## $VERDICT" >"$2"
  shift
done
exit "$STATUS"
EOF2
chmod +x "$scratch/sockscope"

step() {
  status=0
  printed=$(VERDICT=$1 REASONS=$2 STATUS=$3 SOCKSCOPE=$scratch/sockscope GITHUB_STEP_SUMMARY=$scratch/summary \
    "$scratch/tree/.github/gate.sh" 2>&1) || status=$?
}

check() { [ "$2" = "$3" ] || { printf '%s: expected "%s", got "%s"\n' "$1" "$3" "$2"; exit 1; }; }

annotations() { grep '^::' <<<"$printed" || true; }

step unchanged "" 0
check 'green: status' "$status" 0
check 'green: annotations' "$(annotations)" ''
step regressed "  tcp.syscalls: 5.000 where the baseline has 4.000" 1
check 'red: status' "$status" 1
check 'red: annotations' "$(annotations)" '::error title=socket path::tcp.syscalls: 5.000 where the baseline has 4.000'
step cannot-tell "  kernel: another" 3
check 'yellow: status' "$status" 0
check 'yellow: annotations' "$(annotations)" "::warning title=socket path::kernel: another
::warning title=socket path::the gate cannot tell"
step usage "" 2
check 'usage: status' "$status" 2
check 'usage: annotations' "$(annotations)" '::error title=socket path::sockscope gate ended with status 2'
check 'summary' "$(cat "$scratch/summary")" '## unchanged
## regressed
## cannot-tell
## usage'
