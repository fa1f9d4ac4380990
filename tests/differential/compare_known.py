#!/usr/bin/env python3
"""Compares what sockscope reads in the recordings of a folder with what other readers do.

usage: compare_known.py SOCKSCOPE data|fixtures FOLDER"""

import sys
from pathlib import Path

import known_recordings
import sockscope_events
from comparison import Difference
from event import ReaderFailed
from known_recordings import Damaged, Refused
from linuxtracepoints_golden import compare_with_golden
from perf_file import MAGIC
from readers import compare_all, missing_tools, refusal_of

SKIPPED = 77
MAGICS = (MAGIC, MAGIC[::-1])


def recordings_of(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)) for path in files if path.read_bytes()[:8] in MAGICS}


def check(program, recording, expected):
    """A line of what was compared. Raises Difference, or AssertionError where it amounts to something else."""
    if isinstance(expected, Refused):
        refusal = refusal_of(program, recording)
        assert refusal and "ended with 4:" in refusal and expected.says in refusal, f"refused with: {refusal}"
        return f"refused: {expected.says}"
    if isinstance(expected, Damaged):
        found = len(sockscope_events.events_of(program, recording))
        assert found == 0, f"{found} events"
        return "damaged: no events"
    comparison = compare_all(program, recording, expected.has_cpu, expected.is_for_newer_perf)
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
