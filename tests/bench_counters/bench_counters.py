#!/usr/bin/env python3
"""That counting costs the timed part of a microbenchmark nothing: make -f Makefile.perf bench-counters.

socket_bench measures some benchmarks in turns with its counters and without them (--counters=off), the first of a turn by
chance. The median of the turns' ratios, with / without, and the interval that holds it in 95 of 100 cases (order
statistics) are printed. Status 1: for one of them all of the interval is more than 1 % from 1.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from bench_turns import median_of, show_progress  # noqa: E402

TURNS = 25
MOST = 0.01
BENCHES = ("getsockname/tcp/0", "message/udp/64/thread", "round_trip/tcp/64/processes", "round_trip/udp/64/processes")


def times(program, options):
    filter_ = "^(" + "|".join(BENCHES) + ")$"
    done = subprocess.run([program, f"--benchmark_filter={filter_}", "--benchmark_format=json", "--benchmark_repetitions=1",
                           "--benchmark_display_aggregates_only=false", *options],
                          stdout=subprocess.PIPE, text=True, check=True)
    return {result["run_name"]: result["real_time"] for result in json.loads(done.stdout)["benchmarks"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path, help="socket_bench")
    parser.add_argument("--turns", type=int, default=TURNS)
    arguments = parser.parse_args()
    ratios = {name: [] for name in BENCHES}
    for turn in range(arguments.turns):
        show_progress(f"turn {turn + 1} of {arguments.turns}")
        sides = [("with", []), ("without", ["--counters=off"])]
        random.shuffle(sides)
        measured = {side: times(arguments.program, options) for side, options in sides}
        for name in BENCHES:
            ratios[name].append(measured["with"][name] / measured["without"][name])
    show_progress("")
    missed = False
    print(f"time with counters / without, median of {arguments.turns} turns")
    for name in BENCHES:
        ratio = median_of(ratios[name])
        is_missed = ratio["low"] > 1 + MOST or ratio["high"] < 1 - MOST
        missed = missed or is_missed
        print(f"  {name:<32}{ratio['median']:>7.3f} [{ratio['low']:.3f}, {ratio['high']:.3f}]"
              f"{'  MISSED' if is_missed else ''}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
