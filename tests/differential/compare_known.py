#!/usr/bin/env python3
"""Compares what sockscope reads in the recordings of a folder with what other readers do.

usage: compare_known.py SOCKSCOPE data|fixtures FOLDER"""

import functools
import subprocess
import sys
from pathlib import Path

import for_older_perf
import known_recordings
import mended_copy
from comparison import Difference
from event import ReaderFailed
from known_recordings import Damaged
from linuxtracepoints_golden import compare_with_golden
from perf_file import MAGIC
from readers import compare_all, missing_tools, refusal_of

SKIPPED = 77
OTHER_KERNEL = "The running kernel's formats are no help"
MAGICS = (MAGIC, MAGIC[::-1])


def recordings_of(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)) for path in files if path.read_bytes()[:8] in MAGICS}


def copy_maker(expected, folder):
    if expected.is_for_newer_perf:
        return for_older_perf.make_copy
    if expected.formats_of:
        return functools.partial(mended_copy.make_copy, donor=folder / expected.formats_of)
    return None


def check(program, recording, expected):
    """A line of what was compared. Raises Difference, or AssertionError where it amounts to something else."""
    if isinstance(expected, Damaged):
        done = subprocess.run([program, "events", str(recording)], capture_output=True, check=False)
        assert done.returncode == 4 and not done.stdout, f"ended with {done.returncode}: {done.stdout[:500]}"
        return "damaged: no events"
    if expected.formats_of and (refusal := refusal_of(program, recording)):
        assert "ended with 4:" in refusal and OTHER_KERNEL in refusal, f"refused with: {refusal}"
        return f"refused, this being another kernel: {refusal}"
    # A completed copy says nothing of its machine, without which perf converts nothing.
    comparison = compare_all(program, recording, expected.has_cpu, copy_maker(expected, recording.parents[1]),
                             has_ctf=not expected.formats_of)
    assert comparison.tally == expected.tally(), f"compared {comparison.tally}; expected {expected.tally()}"
    golden = compare_with_golden(recording, comparison.ours) if expected.golden else 0
    assert golden == expected.golden, f"{golden} fields in the golden file"
    return f"{comparison.tally}" + (f"; {golden} by golden file" if golden else "")


def main():
    program, which, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    if not folder.is_dir():
        print(f"skipped: {folder} is not there")
        return SKIPPED
    if missing := missing_tools():
        print(f"skipped: not installed: {' '.join(missing)}")
        return SKIPPED
    known = {"data": known_recordings.OURS, "fixtures": known_recordings.FIXTURES}[which]
    unknown = sorted(recordings_of(folder) - known.keys())
    for name in unknown:
        print(f"{name}: FAILED: known_recordings.py does not say what to expect of it")
    failures = len(unknown)
    for name, expected in known.items():
        try:
            print(f"{name}: {check(program, folder / name, expected)}")
        except (AssertionError, Difference, ReaderFailed) as failure:
            print(f"{name}: FAILED: {failure}")
            failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
