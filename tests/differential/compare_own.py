#!/usr/bin/env python3
"""Records loopback traffic on this machine and compares what sockscope reads in it with what other readers do.

usage: compare_own.py SOCKSCOPE FORM, one of FORMS"""

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from comparison import GARBLED, Difference
from event import ReaderFailed
from event_format import formats_of_recording
from readers import compare_all, missing_tools

SKIPPED = 77
EVENTS = Path("/sys/kernel/tracing/events")
GROUPS = ("sched", "net", "skb", "sock", "tcp", "udp", "napi", "irq", "raw_syscalls", "timer", "kmem")
TRAFFIC = [sys.executable, str(Path(__file__).with_name("loopback_traffic.py"))]
FEW = ("sched", "net", "sock", "raw_syscalls")


@dataclass(frozen=True)
class Form:
    groups: tuple = GROUPS
    options: tuple = ("-a",)
    is_pipe: bool = False


FORMS = {
    "file": Form(),
    "pipe": Form(is_pipe=True),
    "compressed": Form(options=("-a", "-z")),
    "compressed-pipe": Form(FEW, options=("-a", "-z"), is_pipe=True),
    "threads": Form(FEW, options=("-a", "--threads")),
    # To open and close these 700 events takes perf half a minute: once has to do.
    "syscalls": Form(("syscalls",)),
}


def events_of_kernel(groups):
    return [f"{group}:{event.name}" for group in groups for event in sorted((EVENTS / group).glob("*"))
            if (event / "format").is_file()]


def record(events, form, recording):
    """perf's own events would keep it busy for ever, and much bigger buffers than its default lose nothing."""
    command = ["perf", "record", "-q", "-m", "16M", *form.options, "-e", ",".join(events), "--exclude-perf",
               "-o", "-" if form.is_pipe else str(recording), "--", *TRAFFIC]
    with open(recording if form.is_pipe else "/dev/null", "wb") as out:
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


def compare_form(program, form, events):
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "perf.data"
        record(events, form, recording)
        missing = sorted(set(events) - formats_of_recording(recording).keys())
        assert not missing, f"not in the recording: {missing}"
        comparison = compare_all(program, recording)
    check_garbled(comparison)
    return comparison


def main():
    program, name = sys.argv[1], sys.argv[2]
    if reason := why_not(program):
        print(f"skipped: {reason}")
        return SKIPPED
    form = FORMS[name]
    events = events_of_kernel(form.groups)
    if not events:
        print(f"skipped: this kernel has none of {', '.join(form.groups)}")
        return SKIPPED
    try:
        comparison = compare_form(program, form, events)
    except (AssertionError, Difference, ReaderFailed) as failure:
        print(f"{name}: FAILED: {failure}")
        return 1
    occurred = {event.name for event in comparison.ours}
    print(f"{name}: {len(occurred)} of {len(events)} kinds of events occurred; {comparison.tally}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
