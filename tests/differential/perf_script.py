"""`perf script` as text: every event in one line, parsed."""

import re

from event import Event, output_of, task_id

# Without the kernel's symbols an address is printed in full, where a function's name would hide the low bits.
COMMAND = ["perf", "script", "--force", "--ns", "--kallsyms=/dev/null"]
FIELDS = ("comm", "pid", "tid", "cpu", "time", "event", "trace")

COMM = r"\s*(?P<comm>.*?)"
IDS = r"\s+(?P<pid>-?\d+)/(?P<tid>-?\d+)\s*"
CPU = r"\s+\[(?P<cpu>\d+)\]"
TIME = r"\s+(?P<seconds>\d+)\.(?P<nanoseconds>\d{9}):"
NAME = r"\s+(?P<name>\S(?:.*?\S)?):(?: (?P<trace>.*))?"


def line_pattern(has_cpu):
    return re.compile(COMM + IDS + (CPU if has_cpu else "") + TIME + NAME, re.S)


def parse_line(pattern, line):
    match = pattern.fullmatch(line)
    if not match:
        raise ValueError(f"not a line of perf script: {line!r}")
    return Event(name=match["name"], time_ns=int(match["seconds"]) * 10**9 + int(match["nanoseconds"]),
                 cpu=int(match["cpu"]) if "cpu" in pattern.groupindex else None,
                 pid=task_id(int(match["pid"])), tid=task_id(int(match["tid"])), comm=match["comm"], trace=match["trace"])


def events_of(recording, has_cpu=True):
    """perf refuses to print the CPU of samples that have none: a recording of such is read with `has_cpu` false."""
    wanted = [field for field in FIELDS if field != "cpu" or has_cpu]
    text = output_of([*COMMAND, "-i", str(recording), "-F", ",".join(wanted)])
    pattern = line_pattern(has_cpu)
    return [parse_line(pattern, line) for line in text.split("\n") if line]
