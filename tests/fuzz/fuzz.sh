#!/usr/bin/env bash
# Fuzzes the readers of hostile bytes (docs/fuzzing.md).
#
#   fuzz.sh build                     builds the targets with libFuzzer and the sanitizers
#   fuzz.sh run SECONDS [TARGET...]   fuzzes each target, or every one, for so long on every CPU it may use
#
# What has been found so far is kept in build-fuzz/corpus and goes on from there. Status 1: a crash, a hang, a leak or
# memory out of bounds, with the path of the input that does it. Status 77: this machine lacks what it takes.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
readonly build='build-fuzz'

# Bytes of the largest input: what a target needs to reach all of its code, since the smaller the faster.
max_len_of() {
  case $1 in
    samples) echo 512 ;;
    container | exports | zstd) echo 4096 ;;
    trace_dat) echo 5120 ;;
    *) echo 2048 ;;
  esac
}

# MB of the largest allocation: what an input of this size may need. A zstd frame names its window itself, up to 128 MB
# (`perf record -z 22`).
max_malloc_of() {
  case $1 in
    container | exports | zstd) echo 160 ;;
    *) echo 64 ;;
  esac
}

all_targets() { find "$here/corpus" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort; }

skip_unless_possible() {
  local runtime
  if ! command -v clang++-19 >/dev/null; then
    echo "Skipped: no clang++-19 (Debian's clang-19)"
    exit 77
  fi
  runtime=$(clang++-19 -print-file-name=libclang_rt.fuzzer-x86_64.a)
  if [ ! -f "$runtime" ] && [ ! -f "$(clang++-19 -print-runtime-dir)/libclang_rt.fuzzer.a" ]; then
    echo "Skipped: clang 19 without libFuzzer (Debian's libclang-rt-19-dev)"
    exit 77
  fi
}

build_targets() {
  [ -f $build/build.ninja ] || cmake --preset fuzz >&2
  cmake --build --preset fuzz >&2
}

# One process of a target; its talk goes to a log.
fuzz_one() {
  local target=$1 seconds=$2 log=$3 options=() inputs=("$build/corpus/$1" "$here/corpus/$1")
  [ ! -f "$here/$target.dict" ] || options=(-dict="$here/$target.dict")
  [ ! -d "$here/crashers/$target" ] || inputs+=("$here/crashers/$target")
  $build/tests/fuzz_"$target" "${options[@]}" -max_total_time="$seconds" -max_len="$(max_len_of "$target")" \
    -timeout=5 -rss_limit_mb=1024 -malloc_limit_mb="$(max_malloc_of "$target")" -print_final_stats=1 \
    -artifact_prefix=$build/crashes/"$target"- "${inputs[@]}" >"$log" 2>&1
}

# A statistic of libFuzzer's; 0 where it came to none.
number_of() { sed -n "s/^stat::$1: *//p" "$2" | grep . || echo 0; }

# The sum over the logs of executions and of executions a second, and the highest coverage.
report() {
  local target=$1 executed=0 rate=0 coverage=0 log edges
  shift
  for log in "$@"; do
    executed=$((executed + $(number_of number_of_executed_units "$log")))
    rate=$((rate + $(number_of average_exec_per_sec "$log")))
    edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
    [ "${edges:-0}" -le "$coverage" ] || coverage=$edges
  done
  printf '%-14s %12d %9d %9d\n' "$target" "$executed" "$rate" "$coverage"
  total=$((total + executed))
}

fuzz_target() {
  local target=$1 seconds=$2 jobs=$3 i pids=() logs=() failed=
  mkdir -p $build/corpus/"$target" $build/crashes
  for ((i = 0; i < jobs; i++)); do
    logs+=("$build/$target-$i.log")
    fuzz_one "$target" "$seconds" "${logs[i]}" &
    pids+=($!)
  done
  for ((i = 0; i < jobs; i++)); do wait "${pids[i]}" || failed+=" ${logs[i]}"; done
  report "$target" "${logs[@]}"
  [ -z "$failed" ] && return
  # shellcheck disable=SC2086 # A list of logs.
  grep -hE '^(==[0-9]+== ?)?ERROR|^SUMMARY|Test unit written to|runtime error' $failed || tail -n 30 $failed
  # shellcheck disable=SC2086
  print_inputs $failed
  return 1
}

# The inputs that failed, in full: where CI fuzzes, its log is all that is left of them.
print_inputs() {
  local input
  sed -n 's/.*Test unit written to //p' "$@" | while read -r input; do
    echo "base64 -d >$(basename "$input") <<<$(base64 -w0 "$input")"
  done
}

run() {
  local seconds=$1 jobs status=0 target
  shift
  [ $# -gt 0 ] || mapfile -t targets < <(all_targets)
  [ $# -eq 0 ] || targets=("$@")
  jobs=$(nproc)
  total=0
  printf '%-14s %12s %9s %9s\n' target executions per-s coverage
  for target in "${targets[@]}"; do fuzz_target "$target" "$seconds" "$jobs" || status=1; done
  printf '%-14s %12d\n' 'in all' "$total"
  return $status
}

skip_unless_possible
case ${1-} in
  build) build_targets ;;
  run) run "${@:2}" ;;
  *) sed -n '2,9s/^# \?//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
