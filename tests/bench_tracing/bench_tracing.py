#!/usr/bin/env python3
"""What tracing costs: make -f Makefile.perf bench-tracing (docs/tracing.md).

One ping-pong of 64 bytes over TCP and UDP, with both ends on one CPU and on two, is traced in turns by each of sockscope's
event sets and by what a person would type instead. Each turn measures it untraced as well: the median of the turns' ratios,
traced / untraced p50 by the workload's own clock, is what is compared, with the interval that holds it in 95 of 100 cases
(order statistics). A target is missed when all of the interval is beyond it. Status 1: one was missed.
"""

import argparse
import contextlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from bench_turns import median_of, placements, show_progress  # noqa: E402

TURNS = 7
PROTOCOLS = ("tcp", "udp")
ROUND_TRIPS = {"one CPU": 10_000, "two CPUs": 5_000}
COUNTED_ROUND_TRIPS = 2_000
NAIVE_SYSTEMS = ("sched", "net", "skb", "raw_syscalls")
NAIVE = "perf record -a -e sched,net,skb,raw_syscalls"
DEFAULT = "path, tracefs"
# Traced / untraced p50 at most, and of what naive recording adds at most so much.
TARGETS = {("one CPU", "tcp"): 1.6, ("one CPU", "udp"): 1.8, ("two CPUs", "tcp"): 1.25, ("two CPUs", "udp"): 1.25}
MOST_OF_NAIVE = 0.40
STARTING = 30  # seconds for a tool to be ready
BPFTRACE = """BEGIN { printf("ready\\n"); }
tracepoint:sched:sched_switch, tracepoint:sched:sched_waking, tracepoint:net:net_dev_queue,
tracepoint:net:netif_receive_skb, tracepoint:raw_syscalls:sys_enter { @[probe] = count(); }"""


class Failed(Exception):
    """A tool that did not do what it should."""


def run(command, **options):
    done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                          **options)
    if done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


class Sockscope:
    def __init__(self, program, scratch):
        self.program, self.scratch = program, scratch

    def compare(self, cpus, count, *options):
        return json.loads(run([self.program, "compare", "--rounds", 1, "--count", count, "--cpus", "{},{}".format(*cpus), "--format", "json",
                               *options]))

    def untraced(self, cpus, count):
        report = self.compare(cpus, count, "--untraced")
        return {protocol: report["protocols"][protocol]["untraced"]["rtt_ns"]["p50"] for protocol in PROTOCOLS}

    def traced(self, events, capture, cpus, count):
        """Both p50 of one run of its own: what was traced ran beside what was not."""
        report = self.compare(cpus, count, "--events", events, "--capture", capture)
        measured = {}
        for protocol in PROTOCOLS:
            of_protocol = report["protocols"][protocol]
            untraced = of_protocol["untraced"]["rtt_ns"]["p50"]
            measured[protocol] = {"untraced": untraced, "traced": untraced * of_protocol["tracing_cost"]}
        return measured, report["data_quality"]["lost_events"]

    def events_per_round_trip(self, events, capture, cpus, protocol):
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            kept = pathlib.Path(folder, "run")
            run([self.program, "record", "--proto", protocol, "--count", COUNTED_ROUND_TRIPS, "--cpus", "{},{}".format(*cpus), "--events",
                 events, "--capture", capture, kept])
            return samples_in(self.program, kept / f"{protocol}-1.perf.data") / COUNTED_ROUND_TRIPS


def samples_in(program, recording):
    return run([program, "events", recording]).count("\n")


@contextlib.contextmanager
def until_interrupted(command, **options):
    process = subprocess.Popen(command, text=True, **options)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STARTING)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def perf_record(scratch):
    """With its control descriptors, which say when it is ready and cost nothing."""
    control, answers = os.pipe(), os.pipe()
    events = ",".join(f"{system}:*" for system in NAIVE_SYSTEMS)
    command = ["perf", "record", "-a", "-e", events, "-D", "-1", "--control", f"fd:{control[0]},{answers[1]}", "-o",
               str(scratch / "naive.perf.data")]
    with until_interrupted(command, pass_fds=(control[0], answers[1]), stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL):
        os.write(control[1], b"enable\n")
        if not os.read(answers[0], 16).startswith(b"ack"):
            raise Failed("perf record did not answer")
        yield
    for end in (*control, *answers):
        os.close(end)


@contextlib.contextmanager
def perf_trace(_scratch):
    with until_interrupted(["perf", "trace", "-s", "-a"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(3)
        if process.poll() is not None:
            raise Failed(f"perf trace -s -a ended with {process.returncode}")
        yield


@contextlib.contextmanager
def tracefs(_scratch):
    """As trace-cmd does it: all events of the systems, unfiltered, into buffers of 64 MB a CPU."""
    instance = pathlib.Path(f"/sys/kernel/tracing/instances/bench-tracing-{os.getpid()}")
    instance.mkdir()
    try:
        for file, text in (("trace_clock", "mono"), ("buffer_size_kb", "65536"),
                           *((f"events/{system}/enable", "1") for system in NAIVE_SYSTEMS)):
            (instance / file).write_text(text)
        yield
    finally:
        instance.rmdir()


@contextlib.contextmanager
def bpftrace(_scratch):
    with until_interrupted(["bpftrace", "-e", BPFTRACE], stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        while (line := process.stdout.readline()) != "ready\n":
            if not line:
                raise Failed("bpftrace ended before it was ready")
        yield


OURS = {"sched, tracefs": ("sched", "tracefs"), DEFAULT: ("path", "tracefs"), "path, perf": ("path", "perf"),
        "lab, tracefs": ("lab", "tracefs"), "stacks, perf": ("stacks", "perf")}
THEIRS = {NAIVE: ("perf", perf_record), "perf trace -s -a": ("perf", perf_trace), "tracefs, the same events": (None, tracefs),
          "bpftrace, 5 counters": ("bpftrace", bpftrace)}


def one_turn(sockscope, name, cpus, count):
    """{protocol: {"untraced", "traced"}}, and the events that were lost."""
    if name in OURS:
        return sockscope.traced(*OURS[name], cpus, count)
    before = sockscope.untraced(cpus, count)
    with THEIRS[name][1](sockscope.scratch):
        traced = sockscope.untraced(cpus, count)
    return {protocol: {"untraced": before[protocol], "traced": traced[protocol]} for protocol in PROTOCOLS}, 0


def measure(sockscope, names, turns):
    """{(placement, name): {"lost": N, protocol: [{"untraced", "traced"} of each turn]}}"""
    measured = {}
    order = random.Random(1)
    for turn in range(turns):
        for place, cpus in placements().items():
            shuffled = list(names)
            order.shuffle(shuffled)
            for name in shuffled:
                show_progress(f"turn {turn + 1} of {turns}: {place}: {name}")
                result, lost = one_turn(sockscope, name, cpus, ROUND_TRIPS[place])
                cell = measured.setdefault((place, name), {"lost": 0, "tcp": [], "udp": []})
                cell["lost"] += lost
                for protocol in PROTOCOLS:
                    cell[protocol].append(result[protocol])
    show_progress("")
    return measured


def events_of(sockscope, names):
    """{(placement, name, protocol): events in a round trip}, of our own sets, whose recordings hold nobody else's."""
    return {(place, name, protocol): sockscope.events_per_round_trip(*OURS[name], cpus, protocol)
            for place, cpus in placements().items() for name in names if name in OURS for protocol in PROTOCOLS}


def costs_of(measured, events):
    rows = []
    for (place, name), cell in measured.items():
        for protocol in PROTOCOLS:
            turns = cell[protocol]
            row = {"placement": place, "tracer": name, "protocol": protocol, "lost_events": cell["lost"],
                   "ratio": median_of([turn["traced"] / turn["untraced"] for turn in turns]),
                   "added_ns": median_of([turn["traced"] - turn["untraced"] for turn in turns])}
            count = events.get((place, name, protocol))
            if count:
                row |= {"events_per_round_trip": count, "ns_per_event": row["added_ns"]["median"] / count}
            rows.append(row)
    return sorted(rows, key=lambda row: (row["placement"], row["protocol"], row["ratio"]["median"]))


def target(text, value, limit):
    return {"target": text, **value, "limit": limit, "holds": value["low"] <= limit}


def verdicts_of(measured, rows):
    verdicts = []
    for row in rows:
        limit = TARGETS[row["placement"], row["protocol"]]
        if row["tracer"] == DEFAULT:
            verdicts.append(target(f"{row['protocol']}, {row['placement']}: traced / untraced", row["ratio"], limit))
    for place in placements():
        lost = measured[place, DEFAULT]["lost"]
        verdicts.append(target(f"{place}: events lost", {"median": lost, "low": lost, "high": lost}, 0))
        for protocol in PROTOCOLS:
            added = {name: [turn["traced"] - turn["untraced"] for turn in measured[place, name][protocol]]
                     for name in (DEFAULT, NAIVE)}
            # Across CPUs naive recording may add nothing that can be told from noise: a share of that says nothing.
            if median_of(added[NAIVE])["low"] <= 0:
                continue
            share = median_of([ours / naive for ours, naive in zip(added[DEFAULT], added[NAIVE])])
            verdicts.append(target(f"{protocol}, {place}: added, of naive recording's", share, MOST_OF_NAIVE))
    return verdicts


def print_costs(rows, turns):
    print(f"traced / untraced p50 of a round trip of 64 bytes, the median of {turns} turns; events lost in all of them")
    print(f"{'':10}{'':5}{'':46}{'ratio':>7}{'interval':>16}{'added us':>10}{'events':>8}{'us/event':>10}{'lost':>8}")
    for row in rows:
        ratio = row["ratio"]
        events = (f"{row['events_per_round_trip']:8.1f}{row['ns_per_event'] / 1000:10.3f}"
                  if "ns_per_event" in row else f"{'':18}")
        lost = row["lost_events"] if row["tracer"] in OURS else ""
        print(f"{row['placement']:10}{row['protocol']:5}{row['tracer']:46}{ratio['median']:7.2f}"
              f"{ratio['low']:8.2f} -{ratio['high']:6.2f}{row['added_ns']['median'] / 1000:10.2f}{events}{lost:>8}")


def print_verdicts(verdicts):
    print(f"\n{'to be reached':56}{'measured':>10}{'interval':>16}{'at most':>10}")
    for verdict in verdicts:
        interval = f"{verdict['low']:.2f} - {verdict['high']:.2f}"
        print(f"{verdict['target']:56}{verdict['median']:10.2f}{interval:>16}{verdict['limit']:10.2f}  "
              f"{'holds' if verdict['holds'] else 'MISSED'}")


def installed():
    names = list(OURS)
    for name, (program, _) in THEIRS.items():
        if program is None or shutil.which(program):
            names.append(name)
        else:
            print(f"bench-tracing: {program} is not installed, and left out", file=sys.stderr)
    return names


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path, help="sockscope")
    parser.add_argument("--output", required=True, type=pathlib.Path, help="the table as JSON")
    parser.add_argument("--turns", type=int, default=TURNS, help="fewer make wide intervals")
    arguments = parser.parse_args()
    names = installed()
    try:
        with tempfile.TemporaryDirectory() as scratch:
            sockscope = Sockscope(arguments.program, pathlib.Path(scratch))
            events = events_of(sockscope, names)
            measured = measure(sockscope, names, arguments.turns)
    except Failed as failure:
        sys.exit(f"bench-tracing: {failure}")
    rows = costs_of(measured, events)
    verdicts = verdicts_of(measured, rows)
    print_costs(rows, arguments.turns)
    print_verdicts(verdicts)
    arguments.output.write_text(json.dumps({"schema": "sockscope.bench-tracing/1", "turns": arguments.turns, "rows": rows,
                                            "targets": verdicts}, indent=1) + "\n")
    return 0 if all(verdict["holds"] for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
