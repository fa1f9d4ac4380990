#!/usr/bin/env python3
"""Measures untraced runs, each a run of its own, and writes a line of each: what statistics_tables resamples.

usage: collect_runs.py SOCKSCOPE BLOCKS [COMPARE_OPTION...] >runs.csv

Waits while other programs use the CPUs, and measures a block anew during which they did.
"""
import csv
import json
import os
import resource
import subprocess
import sys
import time

LENGTHS = (2000, 5000, 10000)
IN_A_ROW = 4  # Of one length, so that neighbours can be paired.
FOREIGN_SHARE = 0.1  # Of one CPU.


def seconds_of_all():
    with open("/proc/stat") as stat:
        user, nice, system, _, _, irq, softirq = map(int, stat.readline().split()[1:8])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def seconds_of_own():
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def is_quiet(action):
    """Runs the action, and says whether others left the CPUs alone meanwhile."""
    start, all_before, own_before = time.monotonic(), seconds_of_all(), seconds_of_own()
    action()
    foreign = seconds_of_all() - all_before - (seconds_of_own() - own_before)
    return foreign <= FOREIGN_SHARE * (time.monotonic() - start)


def measure(sockscope, count, options):
    command = [sockscope, "compare", "--untraced", "--rounds", "1", "--count", str(count), "--format", "json", *options]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    protocols = json.loads(result.stdout)["protocols"]
    return [(protocol, summary["untraced"]["rtt_ns"]) for protocol, summary in protocols.items()]


def measure_block(sockscope, count, options):
    while True:
        while not is_quiet(lambda: time.sleep(0.2)):
            pass
        rows = []
        if is_quiet(lambda: [rows.extend(measure(sockscope, count, options)) for _ in range(IN_A_ROW)]):
            return rows


def main():
    sockscope, blocks, options = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(("count", "block", "protocol", "p50_ns", "mean_ns", "p99_ns"))
    for block in range(blocks):
        for count in LENGTHS:
            for protocol, rtt in measure_block(sockscope, count, options):
                out.writerow((count, block, protocol, rtt["p50"], round(rtt["sum"] / rtt["count"]), rtt["p99"]))
        sys.stdout.flush()


main()
