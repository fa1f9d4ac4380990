#!/usr/bin/env python3
"""Times the workloads beside the tools people know: make -f Makefile.perf bench-workloads (docs/workloads.md).

The echo of `sockscope compare --untraced`, a bare loop (bare_loop.c), sockperf and qperf take turns on the same CPUs, at
64 and 1400 bytes, over TCP and UDP, with both ends on one CPU and on two; so do its stream, iperf3 and netcat. Each turn
gives a ratio of two that ran one after the other; the median of these is what is compared, with the interval that holds it
in 95 of 100 cases (order statistics; 94 for streams). A target is missed when all of the interval is beyond it. Status 1:
one was missed.
"""

import argparse
import contextlib
import itertools
import json
import os
import pathlib
import random
import re
import shutil
import statistics
import struct
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from bench_turns import median_of, placements, show_progress  # noqa: E402

TURNS = 9
STREAM_TURNS = 5
SIZES = (64, 1400)
PROTOCOLS = ("tcp", "udp")
# Round trips of one turn: about half a second.
ROUND_TRIPS = {"one CPU": 30_000, "two CPUs": 15_000}
SECONDS = 1  # the least that sockperf and qperf take
STREAM_BYTES = 2 << 30
STREAM_SIZES = (16_384, 32_768)
# Of each server another one: the last one's connections keep theirs for a minute.
PORTS = itertools.count(20_100)
# echo's p50 at most so many times that of the other.
TARGETS = {"bare loop": 1.02, "sockperf": 1.0, "qperf": 1.0}


def output_of(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"bench-workloads: {' '.join(map(str, command))} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


@contextlib.contextmanager
def server(command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait()


def pinned(cpu, *command):
    return ["taskset", "-c", str(cpu), *map(str, command)]


class RoundTrip:
    """One turn of each tool: {protocol: nanoseconds}."""

    def __init__(self, program, bare_loop):
        self.program, self.bare_loop = program, bare_loop

    def sockscope(self, size, count, client, at_server):
        report = json.loads(output_of([self.program, "compare", "--untraced", "--rounds", "1", "--count", str(count),
                                       "--size", str(size), "--cpus", f"{client},{at_server}", "--format", "json"]))
        return {protocol: report["protocols"][protocol]["untraced"]["rtt_ns"]["p50"] for protocol in PROTOCOLS}

    def bare(self, size, count, client, at_server):
        return {protocol: int(output_of([self.bare_loop, protocol, str(size), str(count), str(client),
                                         str(at_server)]).split()[0]) for protocol in PROTOCOLS}

    def sockperf(self, size, _count, client, at_server):
        return {protocol: self.sockperf_turn(protocol, size, client, at_server) for protocol in PROTOCOLS}

    @staticmethod
    def sockperf_turn(protocol, size, client, at_server):
        where = ["-i", "127.0.0.1", "-p", next(PORTS), *(["--tcp"] if protocol == "tcp" else [])]
        with server(pinned(at_server, "sockperf", "server", *where)):
            text = output_of(pinned(client, "sockperf", "pp", *where, "-m", size, "-t", SECONDS, "--full-rtt"))
        percentile = re.search(r"percentile 50\.000 =\s*([\d.]+)", text)
        if percentile is None:
            sys.exit(f"bench-workloads: sockperf says no percentile: {text.strip()}")
        return round(1000 * float(percentile[1]))

    def qperf(self, size, _count, client, at_server):
        """It knows no percentile: twice its mean one-way time."""
        port = next(PORTS)
        with server(pinned(at_server, "qperf", "-lp", port)):
            return {protocol: self.qperf_turn(protocol, size, client, port) for protocol in PROTOCOLS}

    @staticmethod
    def qperf_turn(protocol, size, client, port):
        text = output_of(pinned(client, "qperf", "-lp", port, "-ip", next(PORTS), "-t", SECONDS, "-m", size, "-e", 6,
                                "-uu", "127.0.0.1", f"{protocol}_lat"))
        value, unit = re.search(r"latency\s*=\s*([\d.]+) (ns|us|ms|sec)", text).groups()
        return round(2 * float(value) * {"ns": 1, "us": 1e3, "ms": 1e6, "sec": 1e9}[unit])


class Stream:
    """One turn of each tool over TCP: bytes a second."""

    def __init__(self, program):
        self.program = program

    def sockscope(self, size, client, at_server):
        report = json.loads(output_of([self.program, "compare", "--workload", "stream", "--untraced", "--rounds", "1",
                                       "--size", str(size), "--count", str(STREAM_BYTES // size), "--warm-up", "100",
                                       "--cpus", f"{client},{at_server}", "--format", "json"]))
        return report["protocols"]["tcp"]["untraced"]["goodput_bits_per_s"] / 8

    @staticmethod
    def iperf3(size, client, at_server):
        port = next(PORTS)
        with server(pinned(at_server, "iperf3", "-s", "-1", "-B", "127.0.0.1", "-p", port)):
            report = json.loads(output_of(pinned(client, "iperf3", "-c", "127.0.0.1", "-p", port, "-n", STREAM_BYTES,
                                                 "-l", size, "-J")))
        return report["end"]["sum_received"]["bits_per_second"] / 8

    @staticmethod
    def netcat(_size, client, at_server):
        """It reads and writes 16 KiB at a time, whatever it is told."""
        port = next(PORTS)
        with server(pinned(at_server, "nc.openbsd", "-l", "127.0.0.1", port)):
            zeros = subprocess.Popen(["head", "-c", str(STREAM_BYTES // 4), "/dev/zero"], stdout=subprocess.PIPE)
            start = time.monotonic()
            subprocess.run(pinned(client, "nc.openbsd", "-N", "127.0.0.1", port), stdin=zeros.stdout, check=True)
            seconds = time.monotonic() - start
            zeros.wait()
        return STREAM_BYTES / 4 / seconds


@contextlib.contextmanager
def awake_cpus():
    """Keeps idle CPUs out of deep sleep, whose wake-up is most of a round trip across CPUs and differs from turn to turn
    (Documentation/power/pm_qos_interface.rst). Yields whether that was possible."""
    try:
        latency = os.open("/dev/cpu_dma_latency", os.O_WRONLY)
    except OSError:
        yield False
        return
    try:
        os.write(latency, struct.pack("i", 0))
        yield True
    finally:
        os.close(latency)


def measure(tools, turns):
    """{(placement, size, protocol): {tool: [nanoseconds of each turn]}}"""
    measured = {}
    order = random.Random(1)
    for turn, (place, (client, at_server)), size in itertools.product(range(turns), placements().items(), SIZES):
        names = list(tools)
        order.shuffle(names)
        for name in names:
            show_progress(f"turn {turn + 1} of {turns}: {place}, {size} bytes: {name}")
            for protocol, ns in tools[name](size, ROUND_TRIPS[place], client, at_server).items():
                cell = measured.setdefault((place, size, protocol), {})
                cell.setdefault(name, []).append(ns)
    show_progress("")
    return measured


def measure_streams(tools, turns):
    """{(placement, size): {tool: [bytes a second of each turn]}}"""
    measured = {}
    for turn, (place, cpus), size in itertools.product(range(turns), placements().items(), STREAM_SIZES):
        for name, tool in tools.items():
            show_progress(f"turn {turn + 1} of {turns}: stream, {place}, {size} bytes: {name}")
            measured.setdefault((place, size), {}).setdefault(name, []).append(tool(size, *cpus))
    show_progress("")
    return measured


def verdict_of(target, ones, others, limit):
    """The ratios turn by turn, against the limit."""
    ratio = median_of(one / other for one, other in zip(ones, others))
    return {"target": target, "ratio": ratio["median"], "low": ratio["low"], "high": ratio["high"], "limit": limit,
            "holds": ratio["low"] <= limit}


def stream_verdicts_of(measured):
    """How many times as fast iperf3 is: at most once."""
    return [verdict_of(f"tcp stream, {size} bytes, {place}: iperf3 / sockscope", cell["iperf3"], cell["sockscope"], 1.0)
            for (place, size), cell in measured.items() if "iperf3" in cell]


def verdicts_of(measured):
    verdicts = [verdict_of(f"{protocol}, {size} bytes, {place}: sockscope / {other}", cell["sockscope"], cell[other],
                           TARGETS[other])
                for (place, size, protocol), cell in measured.items() for other in cell.keys() & TARGETS.keys()]
    return sorted(verdicts, key=lambda verdict: verdict["target"])


def print_table(measured, names):
    print(f"round trip, microseconds: the median of the p50 of {TURNS} turns (qperf: of its means)")
    print(f"{'':32}" + "".join(f"{name:>12}" for name in names))
    for (place, size, protocol), cell in sorted(measured.items()):
        label = f"{protocol}, {size} bytes, {place}"
        print(f"{label:32}" + "".join(f"{statistics.median(cell[name]) / 1000:12.2f}" if name in cell else f"{'':12}"
                                      for name in names))


def print_streams(measured, names):
    print(f"\nTCP stream, MB/s: the median of {STREAM_TURNS} turns")
    print(f"{'':32}" + "".join(f"{name:>12}" for name in names))
    for (place, size), cell in sorted(measured.items()):
        print(f"{f'{size} bytes, {place}':32}" + "".join(f"{statistics.median(cell[name]) / 1e6:12,.0f}" for name in names))


def installed(tools):
    """Those of {tool: (its program, the turn)} that are there."""
    there = {}
    for name, (program, turn) in tools.items():
        if program is None or shutil.which(program):
            there[name] = turn
        else:
            print(f"bench-workloads: {name} is not installed, and left out", file=sys.stderr)
    return there


def print_verdicts(verdicts):
    print(f"\n{'to be reached':56}{'measured':>10}{'interval':>16}{'at most':>10}")
    for verdict in verdicts:
        interval = f"{verdict['low']:.3f} - {verdict['high']:.3f}"
        print(f"{verdict['target']:56}{verdict['ratio']:10.3f}{interval:>16}{verdict['limit']:10.3f}  "
              f"{'holds' if verdict['holds'] else 'MISSED'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path, help="sockscope")
    parser.add_argument("--bare-loop", required=True, type=pathlib.Path, help="bare_loop")
    parser.add_argument("--output", required=True, type=pathlib.Path, help="the table as JSON")
    arguments = parser.parse_args()
    round_trip = RoundTrip(arguments.program, arguments.bare_loop)
    tools = installed({"sockscope": (None, round_trip.sockscope), "bare loop": (None, round_trip.bare),
                       "sockperf": ("sockperf", round_trip.sockperf), "qperf": ("qperf", round_trip.qperf)})
    stream_tools = installed({"sockscope": (None, Stream(arguments.program).sockscope),
                              "iperf3": ("iperf3", Stream.iperf3), "netcat": ("nc.openbsd", Stream.netcat)})
    with awake_cpus() as are_awake:
        if not are_awake:
            print("bench-workloads: /dev/cpu_dma_latency is out of reach: times across CPUs are those of waking up",
                  file=sys.stderr)
        measured = measure(tools, TURNS)
        streams = measure_streams(stream_tools, STREAM_TURNS)
    verdicts = verdicts_of(measured) + stream_verdicts_of(streams)
    print_table(measured, list(tools))
    print_streams(streams, list(stream_tools))
    print_verdicts(verdicts)
    rows = [{"placement": place, "size": size, "protocol": protocol, "p50_ns": cell}
            for (place, size, protocol), cell in measured.items()]
    rows += [{"placement": place, "size": size, "protocol": "tcp", "bytes_per_s": cell}
             for (place, size), cell in streams.items()]
    arguments.output.write_text(json.dumps({"schema": "sockscope.bench-workloads/1", "turns": TURNS, "rows": rows,
                                            "targets": verdicts}, indent=1) + "\n")
    return 0 if all(verdict["holds"] for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
