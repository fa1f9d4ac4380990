#!/usr/bin/env bash
# Checks every #include under a source tree against the house rules: who may use whom (docs/architecture.md).
#
#   check_includes.sh ROOT    prints each include that breaks a rule; status 1 if there is one
set -euo pipefail
shopt -s extglob
cd "$1"

# The first pattern that a file's path matches decides which of our headers it may include. `*` spans folders.
may_include() {
  case $1 in
    base/*) echo 'base/*' ;;
    workloads/microbench/*) echo 'base/* workloads/* harness/thread_counters.h' ;;
    workloads/*) echo 'base/* workloads/*' ;;
    parsers/perf_data/*) echo 'base/* parsers/perf_data/*' ;;
    parsers/ctf/*) echo 'base/* parsers/ctf/* parsers/perf_data/*' ;;
    parsers/ring_buffer/*) echo 'base/* parsers/ring_buffer/*' ;;
    parsers/function_graph/*) echo 'base/* parsers/function_graph/*' ;;
    parsers/trace_dat/*) echo 'base/* parsers/ring_buffer/* parsers/trace_dat/* parsers/perf_data/byte*.h' ;;
    parsers/tracepoint/*) echo 'base/* parsers/*' ;;
    analysis/call_tree.*) echo 'base/* analysis/call_tree.h parsers/function_graph/function_event.h' ;;
    analysis/*) echo 'base/* analysis/* parsers/tracepoint/* parsers/perf_data/abi.h parsers/perf_data/*record.h' ;;
    report/events/*) echo 'base/* report/events/* parsers/*' ;;
    report/export/*) echo 'base/* report/events/* report/export/* analysis/@(exchange|message_path|stage).h parsers/*' ;;
    report/@(gate|google|junit|openmetrics)*) echo 'base/* report/* analysis/@(summary|gate|gate_figures|figure_change).h' ;;
    report/functions_* | report/html/@(flame_data|functions_page).*)
      echo 'base/* report/* analysis/@(summary|function_comparison).h'
      ;;
    # Pages show the paths of single messages.
    report/html/*) echo 'base/* report/* analysis/@(summary|swept_by|event_tasks|exchange_story|slowest_exchanges|story_thinning).h' ;;
    report/@(run_diff_report|report_json).*) echo 'base/* report/* analysis/@(summary|run_diff).h' ;;
    report/topologies_report.*) echo 'base/* report/* analysis/@(function_comparison|summary|topology_comparison).h' ;;
    report/slow_*) echo 'base/* report/* analysis/@(summary|exchange_story|slowest_exchanges).h' ;;
    report/call_*) echo 'base/* report/* analysis/@(summary|call_tree|call_trace).h' ;;
    report/*) echo 'base/* report/* analysis/@(summary|swept_by).h' ;;
    # What ftrace recorded becomes a file of perf's form, without a look at what the events mean.
    harness/@(cpu_trace|perf_data_writer|recording_features|task_ring|task_table|trace_merge|tracefs_capture|tracefs_instance).*)
      echo 'base/* harness/@(cpu_trace|event_set|perf_command|perf_data_writer|recording_features|task_ring|task_table|trace_merge|tracefs_capture|tracefs_instance|version).h parsers/ring_buffer/* parsers/perf_data/@(abi|tracing_data).h'
      ;;
    # What runs, counts and records knows nothing of what is made of it; the rest of the harness ties all stages together.
    harness/@(capture|conditions_probe|cpu_time|event_set|open_sockets|other_programs|perf_command|perf_recording|process_tree|round|run_plan|thread_counters).*)
      echo 'base/* workloads/* analysis/@(run_conditions|run_figures|variant).h harness/@(capture|conditions_probe|cpu_time|environment|other_programs|event_set|open_sockets|perf_command|perf_recording|process_tree|round|run_plan|thread_counters|ftrace_recorder|tracefs_capture|tracefs_instance).h'
      ;;
    harness/*) echo '*' ;;
    tests/*) echo '*' ;;
    *) echo 'nothing: the folder is not in the table' ;;
  esac
}

# The only files that may include a library's headers. What is not listed is for all.
users_of_library() {
  case $1 in
    event-parse.h | event-utils.h | kbuffer.h | trace-seq.h | traceevent/*) echo 'parsers/tracepoint/*' ;;
    perf/*) echo 'harness/thread_counters.cc' ;;
    babeltrace2/*) echo 'parsers/ctf/* report/export/ctf_* tests/parsers/ctf/*' ;;
    seccomp.h) echo 'report/export/lttng_names.cc parsers/ctf/sandbox.cc' ;;
    protozero/*) echo 'report/export/perfetto_packets.cc tests/report/export/*' ;;
    CLI/*) echo 'harness/*' ;;
    benchmark/*) echo 'workloads/microbench/*' ;;
    gtest/* | gmock/*) echo 'tests/*' ;;
    *) echo '*' ;;
  esac
}

matches_one_of() {
  local word=$1 pattern
  shift
  for pattern in "$@"; do
    # shellcheck disable=SC2053 # A pattern is what it is.
    [[ $word == $pattern ]] && return 0
  done
  return 1
}

broken=0
complain() {
  printf '%s:%s: %s\n' "$1" "$2" "$3"
  broken=1
}

check_ours() {
  local file=$1 line=$2 header=$3 patterns
  read -ra patterns <<<"$(may_include "$file")"
  if [ ! -f "$header" ] && [ ! -f "$header.in" ]; then
    complain "$file" "$line" "\"$header\" is not a path from the root of the tree"
  elif ! matches_one_of "$header" "${patterns[@]}"; then
    complain "$file" "$line" "may not include \"$header\", only: ${patterns[*]}"
  fi
}

check_library() {
  local file=$1 line=$2 header=$3 patterns
  read -ra patterns <<<"$(users_of_library "$header")"
  matches_one_of "$file" "${patterns[@]}" || complain "$file" "$line" "only ${patterns[*]} may include <$header>"
}

checked=0
while IFS=: read -r file line text; do
  checked=$((checked + 1))
  if [[ $text =~ \#include\ *\"([^\"]+)\" ]]; then
    check_ours "$file" "$line" "${BASH_REMATCH[1]}"
  elif [[ $text =~ \#include\ *\<([^\>]+)\> ]]; then
    check_library "$file" "$line" "${BASH_REMATCH[1]}"
  fi
done < <(grep -rnE --include='*.h' --include='*.cc' --exclude-dir=build --exclude-dir='build-*' '^ *#include' -- *)

echo "$checked includes checked"
[ $checked -gt 0 ] && [ $broken = 0 ]
