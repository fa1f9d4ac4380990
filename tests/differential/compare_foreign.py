#!/usr/bin/env python3
"""Compares what sockscope reads in recordings with what it, and perf, read in copies of the other byte order.

usage: compare_foreign.py SOCKSCOPE RECORDING..."""

import sys
import tempfile
from pathlib import Path

import foreign_copy
import perf_script
import sockscope_events
from comparison import Comparison, Difference, compare
from event import ReaderFailed, output_of
from event_format import formats_of_recording
from readers import missing_tools

SKIPPED = 77


def check(program, recording):
    """A line of what was compared."""
    ours = sockscope_events.events_of(program, recording)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / recording.name
        foreign_copy.make_copy(recording, copy)
        of_copy = sockscope_events.events_of(program, copy)
        compare("the copy", "all", "number of events", len(ours), len(of_copy))
        for number, (event, foreign) in enumerate(zip(ours, of_copy)):
            compare("the copy", f"event {number}", event.name, event, foreign)
        for form in ("text", "csv"):
            lines, foreign_lines = (output_of([program, "events", "--format", form, str(path)])
                                    for path in (recording, copy))
            compare("the copy", "all", form, lines, foreign_lines)
        report, of_foreign = (output_of([program, "report", "--format", "json", str(path)])
                              for path in (recording, copy))
        compare("the copy", "all", "report", report, of_foreign)
        comparison = Comparison(formats_of_recording(recording), of_copy)
        comparison.with_text(perf_script.events_of(copy, True))
    return f"{comparison.tally}"


def main():
    program = sys.argv[1]
    recordings = [path for path in map(Path, sys.argv[2:]) if path.exists()]
    missing = missing_tools()
    if missing or not recordings:
        print(f"skipped: not installed: {' '.join(missing)}" if missing else "skipped: no recording is there")
        return SKIPPED
    failures = 0
    for recording in recordings:
        try:
            print(f"{recording.name}: {check(program, recording)}")
        except (AssertionError, Difference, ReaderFailed) as failure:
            failures += 1
            print(f"{recording.name}: FAILED: {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
