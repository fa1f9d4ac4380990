"""What the benchmarks that take turns have in common: where they run, what they say meanwhile, and how sure they are."""

import math
import os
import statistics
import sys


def show_progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def placements():
    """The CPUs of client and server by what the placement is called."""
    cpus = sorted(os.sched_getaffinity(0))
    one = {"one CPU": (cpus[0], cpus[0])}
    return one | {"two CPUs": (cpus[0], cpus[1])} if len(cpus) > 1 else one


def median_of(values):
    """With the interval of order statistics that holds the median in at least 95 of 100 cases, or all there is."""
    ordered = sorted(values)
    count = len(ordered)
    outer, beyond = 0, 0.0
    for rank in range(count // 2):
        beyond += 2 * math.comb(count, rank) / 2**count
        if beyond > 0.05:
            break
        outer = rank
    return {"median": statistics.median(ordered), "low": ordered[outer], "high": ordered[-1 - outer]}
