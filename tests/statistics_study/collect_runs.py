#!/usr/bin/env python3
"""Measures untraced runs, each a run of its own, and writes a line of each: what study.py resamples.

usage: collect_runs.py SOCKSCOPE SECONDS [COMPARE_OPTION...] >runs.csv
"""
import csv
import json
import subprocess
import sys
import time

LENGTHS = (2000, 5000, 10000)
IN_A_ROW = 4  # Of one length, so that neighbours can be paired.


def measure(sockscope, count, options):
    command = [sockscope, "compare", "--untraced", "--rounds", "1", "--count", str(count), "--format", "json", *options]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return json.loads(result.stdout)["protocols"]


def main():
    sockscope, seconds, options = sys.argv[1], float(sys.argv[2]), sys.argv[3:]
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(("count", "block", "protocol", "p50_ns", "mean_ns", "p99_ns"))
    end = time.monotonic() + seconds
    block = 0
    while time.monotonic() < end:
        for count in LENGTHS:
            for _ in range(IN_A_ROW):
                for protocol, summary in measure(sockscope, count, options).items():
                    rtt = summary["untraced"]["rtt_ns"]
                    out.writerow((count, block, protocol, rtt["p50"], round(rtt["sum"] / rtt["count"]), rtt["p99"]))
        block += 1


main()
