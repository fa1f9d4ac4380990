#!/usr/bin/env python3
"""The CTF traces that `sockscope report --format ctf` gives, read back by babeltrace2: every event with its time, CPU,
thread and all fields is held against `sockscope events` of the same recording.

    read_ctf.py SOCKSCOPE PATH...       a run directory, or a recording; status 77 if none of them is there
"""

import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "differential"))

from ctf import FIELD, parse_value  # noqa: E402
from event import output_of  # noqa: E402
from sockscope_events import events_of  # noqa: E402

LINE = re.compile(r"\[0*(\d+)\] (?:\S+ )?([^ :]+(?::[^ :]+)*): \{ cpu_id = (\d+) \}, "
                  r"\{ vtid = (-?\d+), vpid = (-?\d+), procname = \"((?:[^\"\\]|\\.)*)\", prio = (-?\d+) \}"
                  r"(?:, \{ (.*) \})?")
# What LTTng calls what the kernel calls otherwise, for the events in our recordings.
NAMES = {"net:netif_rx": "net_if_rx", "net:netif_rx_entry": "net_if_rx_entry", "net:netif_rx_exit": "net_if_rx_exit",
         "net:netif_receive_skb": "net_if_receive_skb", "net:netif_receive_skb_entry": "net_if_receive_skb_entry",
         "net:netif_receive_skb_exit": "net_if_receive_skb_exit", "skb:kfree_skb": "skb_kfree",
         "skb:consume_skb": "skb_consume"}
SCHED = {"pid": "tid", "prev_pid": "prev_tid", "next_pid": "next_tid", "parent_pid": "parent_tid",
         "child_pid": "child_tid"}
NO_CPU = 0xFFFFFFFF
LENGTH = re.compile(r"_+(.*)_len$")  # CTF 1.8 has the length of an array as a field of its own


def syscall_names():
    """By number, from the C library's own header."""
    header = output_of(["cc", "-E", "-dM", "-include", "sys/syscall.h", "-x", "c", "/dev/null"])
    return {int(number): name for name, number in re.findall(r"#define __NR_(\w+) (\d+)$", header, re.M)}


CALLS = syscall_names()


def lttng_name(event):
    if not event.fields:
        return event.name  # of no tracepoint
    system, name = event.name.split(":", 1)
    if event.name in NAMES:
        return NAMES[event.name]
    if system == "raw_syscalls":
        return f"syscall_{'entry' if name == 'sys_enter' else 'exit'}_{CALLS.get(event.fields['id'], 'unknown')}"
    if system == "syscalls":
        return name.replace("sys_enter_", "syscall_entry_").replace("sys_exit_", "syscall_exit_")
    return name if name.startswith(f"{system}_") else f"{system}_{name}"


def plain(value):
    """Bytes that are neither number nor array are an array of them."""
    if isinstance(value, str) and re.fullmatch(r"0x([0-9a-f]{2})*", value):
        return list(bytes.fromhex(value[2:]))
    return value


def expected(event):
    renamed = SCHED if event.name.startswith("sched:") else {}
    fields = {renamed.get(name, name): plain(value) for name, value in event.fields.items()}
    tid, pid = (-1 if task is None else task for task in (event.tid, event.pid))
    return (event.time_ns, NO_CPU if event.cpu is None else event.cpu, lttng_name(event), tid, pid,
            event.comm or f":{tid}", fields | event.common)


def found(line):
    match = LINE.fullmatch(line)
    if not match:
        raise SystemExit(f"not a line of babeltrace2: {line!r}")
    time, name, cpu, tid, pid, comm, _, payload = match.groups()
    fields = {one: parse_value(*value) for one, *value in FIELD.findall(payload or "")}
    fields = {one: value for one, value in fields.items()
              if not (LENGTH.fullmatch(one) and isinstance(fields.get(LENGTH.fullmatch(one)[1]), list))}
    return int(time), int(cpu), name, int(tid), int(pid), parse_value(comm, None, None, None), fields


def by_cpu(events):
    streams = defaultdict(list)
    for event in events:
        streams[event[1]].append(event)
    return streams


def check_recording(program, recording, trace):
    text = output_of(["babeltrace2", "--clock-cycles", "--no-delta", str(trace)])
    ours = by_cpu(expected(event) for event in events_of(program, recording))
    theirs = by_cpu(found(line) for line in text.split("\n") if line)
    if ours.keys() != theirs.keys():
        raise SystemExit(f"{recording}: CPUs {sorted(ours)} and {sorted(theirs)}")
    for cpu, events in ours.items():
        for number, (one, other) in enumerate(zip(events, theirs[cpu])):
            if one != other:
                raise SystemExit(f"{recording}, CPU {cpu}, event {number}:\n{one}\n{other}")
        if len(events) != len(theirs[cpu]):
            raise SystemExit(f"{recording}, CPU {cpu}: {len(events)} and {len(theirs[cpu])} events")
    kinds = Counter(event[2] for events in ours.values() for event in events)
    fields = sum(len(event[6]) for events in ours.values() for event in events)
    print(f"{recording}: {sum(kinds.values())} events of {len(kinds)} kinds with {fields} fields")
    return sum(kinds.values())


def check_path(program, path):
    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder) / "ctf"
        subprocess.run([program, "report", str(path), "--format", "ctf", "-o", str(to)], check=True)
        if not (path / "run.json").exists():
            return check_recording(program, path, to)
        return sum(check_recording(program, path / f"{trace.name}.perf.data", trace) for trace in to.iterdir())


def main():
    program, *paths = sys.argv[1:]
    there = [Path(path) for path in paths if Path(path).exists()]
    if not there:
        print("no recording is there")
        raise SystemExit(77)
    if sum(check_path(program, path) for path in there) == 0:
        raise SystemExit("nothing was compared")


main()
