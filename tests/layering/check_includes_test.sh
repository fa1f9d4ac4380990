#!/usr/bin/env bash
# Shows that check_includes.sh notices each kind of broken rule, and only those.
set -euo pipefail
check=$(dirname "$(realpath "${BASH_SOURCE[0]}")")/check_includes.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

fresh_tree() {
  rm -rf "${tree:?}"/*
  mkdir -p "$tree"/{base,workloads/microbench,parsers/{perf_data,tracepoint,ctf},analysis,report/events,harness,tests,a_new_folder}
  touch "$tree"/{base/error.h,workloads/socket.h,parsers/perf_data/{record,reader}.h,analysis/{summary,event}.h}
  touch "$tree"/{report/table.h,harness/{round,thread_counters}.h}
}

failures=0
expect() {
  local verdict=$1 file=$2 include=$3 status=0
  fresh_tree
  echo "#include $include" >"$tree/$file"
  "$check" "$tree" >"$tree/output" || status=$?
  case $verdict:$status in
    accepted:0) ;;
    refused:1) grep -q "^$file:1: " "$tree/output" && return ;;&
    *)
      echo "$file with '#include $include' should be $verdict: status $status, $(cat "$tree/output")"
      failures=$((failures + 1))
      ;;
  esac
}

expect accepted base/a.h '"base/error.h"'
expect refused base/a.h '"workloads/socket.h"'
expect refused base/a.h '"error.h"'
expect refused workloads/a.cc '"harness/thread_counters.h"'
expect accepted workloads/microbench/a.cc '"harness/thread_counters.h"'
expect refused workloads/microbench/a.cc '"harness/round.h"'
expect refused parsers/perf_data/a.cc '"analysis/event.h"'
expect accepted parsers/tracepoint/a.cc '"parsers/perf_data/record.h"'
expect accepted parsers/tracepoint/a.cc '<event-parse.h>'
expect refused parsers/perf_data/a.cc '<event-parse.h>'
expect refused analysis/a.cc '<traceevent/event-parse.h>'
expect accepted parsers/ctf/a.cc '<babeltrace2/babeltrace.h>'
expect accepted parsers/ctf/a.cc '"parsers/perf_data/reader.h"'
expect accepted parsers/ctf/sandbox.cc '<seccomp.h>'
expect refused parsers/ctf/a.cc '<seccomp.h>'
expect refused parsers/ctf/a.cc '"analysis/event.h"'
expect refused parsers/perf_data/a.cc '<babeltrace2/babeltrace.h>'
expect refused harness/main.cc '<babeltrace2/babeltrace.h>'
expect accepted analysis/a.cc '"parsers/perf_data/record.h"'
expect refused analysis/a.cc '"parsers/perf_data/reader.h"'
expect accepted report/a.cc '"analysis/summary.h"'
expect refused report/a.cc '"analysis/event.h"'
expect accepted report/events/a.cc '"parsers/perf_data/reader.h"'
expect refused report/events/a.cc '"analysis/summary.h"'
expect refused report/events/a.cc '"report/table.h"'
expect refused report/a.cc '"parsers/perf_data/record.h"'
expect refused harness/round.cc '"report/table.h"'
expect accepted harness/main.cc '"report/table.h"'
expect refused harness/round.cc '<perf/evsel.h>'
expect accepted harness/thread_counters.cc '<perf/evsel.h>'
expect refused base/a.h '<gtest/gtest.h>'
expect accepted tests/a.cc '"report/table.h"'
expect accepted base/a.h '<vector>'
expect refused a_new_folder/a.h '"base/error.h"'
[ $failures = 0 ]
