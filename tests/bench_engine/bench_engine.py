#!/usr/bin/env python3
"""Times sockscope against perf on the same recording: make -f Makefile.perf bench-engine [BIG=1] (docs/performance.md).

Records a trace of its own, system-wide, of all event groups, while TCP and UDP ping-pongs run; then lets every program
read it, warm, one after the other, five times over, and takes the median of each. With --big the ratios are judged on
1.5 GB, and 10 MB, 300 MB and 1.5 GB show how time and memory grow. Status 1: a target was missed.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 5
GROUPS = ["sched", "net", "skb", "raw_syscalls", "irq", "sock", "tcp", "udp", "napi"]
MB = 1_000_000
# Round trips of each protocol and run, of which there are four, for a recording of about so many MB.
ROUND_TRIPS = {10: 225, 300: 8_000, 1500: 41_000}


def record(program, directory, megabytes):
    """A recording of about the size, and what perf says when it fails."""
    path = directory / f"{megabytes}.perf.data"
    events = ",".join(f"{group}:*" for group in GROUPS if pathlib.Path("/sys/kernel/tracing/events", group).is_dir())
    count = ROUND_TRIPS[megabytes]
    workload = [program, "compare", "--untraced", "--rounds", "2", "--count", str(count), "--warm-up", "0",
                "--format", "json"]
    command = ["perf", "record", "-q", "-a", "-m", "64M", "-e", events, "--exclude-perf", "-B", "-N", "-o", path, "--",
               *workload]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"bench-engine: perf record failed: {done.stderr.strip()}")
    return path


class Run:
    """One run of a command: seconds, of the clock and of CPUs, peak resident memory, and what of that is no file's."""

    def __init__(self, command, sample_memory=False):
        with open(os.devnull, "wb") as null:
            start = time.monotonic()
            process = subprocess.Popen(command, stdout=subprocess.PIPE if "record_walk" in str(command[0]) else null,
                                       stderr=null)
            self.anonymous_kb = self.peak_anonymous_kb(process) if sample_memory else 0
            text = process.stdout.read().decode() if process.stdout else ""
            _, status, usage = os.wait4(process.pid, 0)
            self.seconds = time.monotonic() - start
        if status != 0:
            sys.exit(f"bench-engine: {' '.join(map(str, command))} ended with {os.waitstatus_to_exitcode(status)}")
        self.peak_rss_kb = usage.ru_maxrss
        self.cpu_seconds = usage.ru_utime + usage.ru_stime
        if text:  # the walk times itself: its start and its end are no part of the limit
            self.seconds = float(text.split()[0])

    @staticmethod
    def peak_anonymous_kb(process):
        peak = 0
        while True:
            try:
                with open(f"/proc/{process.pid}/status") as status:
                    for line in status:
                        if line.startswith("RssAnon:"):
                            peak = max(peak, int(line.split()[1]))
            except OSError:
                return peak
            if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                return peak
            time.sleep(0.0005)


def commands(program, walk, recording):
    fields = "comm,pid,tid,cpu,time,event,trace"
    return {
        "sockscope report": [program, "report", recording],
        "sockscope events": [program, "events", recording],
        "record walk": [walk, recording],
        "cat": ["cat", recording],
        "perf sched latency": ["perf", "sched", "latency", "-i", recording],
        "perf sched timehist -s": ["perf", "sched", "timehist", "-s", "-i", recording],
        "perf trace -s": ["perf", "trace", "-s", "-i", recording],
        "perf report --stdio": ["perf", "report", "--stdio", "--sort", "sym", "-i", recording],
        "perf script": ["perf", "script", "-F", fields, "-i", recording],
    }


def show_progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def measure(todo):
    """The median run of each, all of them in turn."""
    runs = {name: [] for name in todo}
    for round_number in range(ROUNDS):
        for name, command in todo.items():
            show_progress(f"{round_number + 1} of {ROUNDS}: {name}")
            runs[name].append(Run(command))
    show_progress("")
    memory = {name: Run(command, sample_memory=True) for name, command in todo.items() if name.startswith("sockscope")}
    return {name: {"seconds": statistics.median(run.seconds for run in of_name),
                   "peak_rss_kb": max(run.peak_rss_kb for run in of_name),
                   **({"peak_anonymous_kb": memory[name].anonymous_kb} if name in memory else {})}
            for name, of_name in runs.items()}


def count_samples(walk, recording):
    text = subprocess.run([walk, recording], stdout=subprocess.PIPE, text=True, check=True).stdout
    return int(text.split(",")[2].split()[0])


# What is to be reached: the first at most so many times the second.
TARGETS = [
    ("sockscope report", "perf sched latency", 1 / 3),
    ("sockscope report", "perf trace -s", 1 / 5),
    ("sockscope report", "perf script", 1 / 40),
    ("sockscope report", "record walk", 6),
    ("sockscope events", "perf script", 1 / 10),
]
MOST_ANONYMOUS_KB = 64 * 1024
MOST_GROWTH = 1.2


def judge(results):
    verdicts = []
    for ours, theirs, limit in TARGETS:
        ratio = results[ours]["seconds"] / results[theirs]["seconds"]
        verdicts.append({"target": f"{ours} / {theirs}", "ratio": ratio, "limit": limit, "holds": ratio <= limit})
    return verdicts


def judge_growth(measured):
    """Time an event takes in the biggest recording by that in the one before it: 1 where time grows linearly."""
    return [{"target": f"{name}: ns an event, {measured[-1]['bytes'] / MB:,.0f} MB / {measured[-2]['bytes'] / MB:,.0f} MB",
             "ratio": (ratio := seconds_per_event(measured[-1], name) / seconds_per_event(measured[-2], name)),
             "limit": MOST_GROWTH, "holds": ratio <= MOST_GROWTH}
            for name in measured[-1]["results"] if name.startswith("sockscope") and len(measured) > 1]


def seconds_per_event(one, name):
    return one["results"][name]["seconds"] / one["events"]


def judge_memory(one):
    return [{"target": f"{name}: anonymous MiB, {one['bytes'] / MB:,.0f} MB", "ratio": result["peak_anonymous_kb"] / 1024,
             "limit": MOST_ANONYMOUS_KB / 1024, "holds": result["peak_anonymous_kb"] <= MOST_ANONYMOUS_KB}
            for name, result in one["results"].items() if "peak_anonymous_kb" in result]


def print_table(measured):
    print(f"median of {ROUNDS}, warm, in turn")
    print(f"{'MB':>6}{'events':>12}  {'':24}{'seconds':>9}{'Mevents/s':>11}{'MB/s':>9}{'peak RSS MB':>13}"
          f"{'anonymous MB':>14}{'x report':>10}")
    for one in measured:
        for name, result in one["results"].items():
            print_row(one, name, result)


def print_row(one, name, result):
    size, events, seconds = one["bytes"], one["events"], result["seconds"]
    anonymous = f"{result['peak_anonymous_kb'] / 1024:.1f}" if "peak_anonymous_kb" in result else ""
    print(f"{size / MB:6,.0f}{events:12,}  {name:24}{seconds:9.3f}{events / seconds / 1e6:11.1f}"
          f"{size / seconds / MB:9,.0f}{result['peak_rss_kb'] / 1024:13,.0f}{anonymous:>14}"
          f"{seconds / one['results']['sockscope report']['seconds']:10.2f}")


def print_verdicts(verdicts):
    print(f"\n{'to be reached':48}{'measured':>10}{'at most':>10}")
    for verdict in verdicts:
        print(f"{verdict['target']:48}{verdict['ratio']:10.3f}{verdict['limit']:10.3f}  "
              f"{'holds' if verdict['holds'] else 'MISSED'}")


def bench(program, walk, recording, names=None):
    subprocess.run(["cat", recording], stdout=subprocess.DEVNULL, check=True)  # into the page cache
    todo = {name: command for name, command in commands(program, walk, recording).items()
            if names is None or name in names}
    size = recording.stat().st_size
    samples = count_samples(walk, recording)
    return {"bytes": size, "events": samples, "results": measure(todo)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path, help="sockscope")
    parser.add_argument("--walk", required=True, type=pathlib.Path, help="record_walk")
    parser.add_argument("--big", action="store_true", help="1.5 GB, and the growth from 10 MB on")
    parser.add_argument("--output", required=True, type=pathlib.Path, help="the table as JSON")
    arguments = parser.parse_args()
    ours = {"sockscope report", "sockscope events", "record walk"}
    measured = []
    with tempfile.TemporaryDirectory(prefix="bench-engine-", dir=arguments.output.parent) as name:
        for megabytes in (10, 300, 1500) if arguments.big else (300,):
            recording = record(arguments.program, pathlib.Path(name), megabytes)
            is_judged = megabytes == (1500 if arguments.big else 300)
            measured.append(bench(arguments.program, arguments.walk, recording, None if is_judged else ours))
            recording.unlink()
    verdicts = judge(measured[-1]["results"]) + judge_growth(measured)
    for one in measured:
        verdicts += judge_memory(one)
    print_table(measured)
    print_verdicts(verdicts)
    arguments.output.write_text(json.dumps({"schema": "sockscope.bench-engine/1", "recordings": measured,
                                            "targets": verdicts}, indent=1) + "\n")
    return 0 if all(verdict["holds"] for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
