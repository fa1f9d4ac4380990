#!/usr/bin/env python3
"""Records loopback traffic on this machine and compares what sockscope reads in it with what other readers do.

usage: compare_own.py SOCKSCOPE file|pipe|compressed|syscalls"""

import subprocess
import sys
import tempfile
from pathlib import Path

from comparison import GARBLED, Difference
from event import ReaderFailed
from event_format import formats_of_recording
from readers import compare_all, missing_tools

SKIPPED = 77
EVENTS = Path("/sys/kernel/tracing/events")
GROUPS = ("sched", "net", "skb", "sock", "tcp", "udp", "napi", "irq", "raw_syscalls", "timer", "kmem")
TRAFFIC = [sys.executable, str(Path(__file__).with_name("loopback_traffic.py"))]
# To open and close the 700 events of syscalls:* takes perf seconds for each CPU: one CPU has to do.
FORMS = {"file": (GROUPS, ["-a"]), "pipe": (GROUPS, ["-a"]), "compressed": (GROUPS, ["-a", "-z"]),
         "syscalls": (("syscalls",), ["-C", "0"])}


def events_of_kernel(groups):
    return [f"{group}:{event.name}" for group in groups for event in sorted((EVENTS / group).glob("*"))
            if (event / "format").is_file()]


def record(events, options, form, recording):
    """perf's own events would keep it busy for ever, and much bigger buffers than its default lose nothing."""
    command = ["perf", "record", "-q", "-m", "16M", *options, "-e", ",".join(events), "--exclude-perf",
               "-o", "-" if form == "pipe" else str(recording), "--", *TRAFFIC]
    with recording.open("wb") if form == "pipe" else open("/dev/null", "wb") as out:
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, check=True)


def why_not(program):
    if missing := missing_tools():
        return f"not installed: {' '.join(missing)}"
    doctor = subprocess.run([program, "doctor"], capture_output=True, text=True, check=False)
    return None if doctor.returncode == 0 else f"no tracing on this machine:\n{doctor.stdout}{doctor.stderr}"


def check_garbled(comparison):
    """The list of what perf prints wrongly is no longer than it has to be."""
    occurred = GARBLED.keys() & {event.name for event in comparison.ours}
    needless = sorted(occurred - comparison.garbled)
    assert not needless, f"perf prints these rightly: {needless}"


def main():
    program, form = sys.argv[1], sys.argv[2]
    groups, options = FORMS[form]
    if reason := why_not(program):
        print(f"skipped: {reason}")
        return SKIPPED
    events = events_of_kernel(groups)
    if not events:
        print(f"skipped: this kernel has none of {', '.join(groups)}")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "perf.data"
        record(events, options, form, recording)
        missing = sorted(set(events) - formats_of_recording(recording).keys())
        assert not missing, f"not in the recording: {missing}"
        try:
            comparison = compare_all(program, recording)
            check_garbled(comparison)
        except (AssertionError, Difference, ReaderFailed) as failure:
            print(f"{form}: FAILED: {failure}")
            return 1
    occurred = {event.name for event in comparison.ours}
    print(f"{form}: {len(occurred)} of {len(events)} kinds of events occurred; {comparison.tally}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
