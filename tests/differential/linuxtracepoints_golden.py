"""The events of microsoft/LinuxTracepoints-Net's recordings as their own reader has them."""

import json
import re
from datetime import datetime, timezone

from comparison import compare, pairs
from event import Event, task_id
from perf_file import PerfFile

ORACLE = "LinuxTracepoints-Net"
# Fields of the tracepoint itself that they print, where they are not 0, beside what they decode of the payload.
EVENT_HEADER = ("version", "id", "tag", "opcode", "level")
# 64-bit, little-endian, with extensions: the one field that they do not print.
EVENT_HEADER_FLAGS = 7


def number(value):
    return int(value, 16) if isinstance(value, str) else value


def nanoseconds(text):
    """Their text has no trailing zeros and ends at 100 ns."""
    seconds, _, fraction = text.removesuffix("Z").partition(".")
    whole = datetime.fromisoformat(seconds).replace(tzinfo=timezone.utc)
    return int(whole.timestamp()) * 10**9 + int(fraction.ljust(9, "0"))


def parse(entry):
    meta = entry["meta"]
    fields = {name: value for name, value in entry.items() if name not in ("n", "meta")}
    if entry["n"] != "sched:sched_switch":
        fields = {"eventheader_flags": EVENT_HEADER_FLAGS} | {name: number(meta.get(name, 0)) for name in EVENT_HEADER}
    fields = {name: value if name.endswith("_comm") else number(value) for name, value in fields.items()}
    return Event(entry["n"], nanoseconds(meta["time"]), meta["cpu"], task_id(meta["pid"]),
                 task_id(meta.get("tid", meta["pid"])), fields=fields)


def samples_of(path):
    """The file has every event twice, in its order and in that of time; and comments."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8-sig"))
    entries = json.loads(text)
    return [parse(entry) for entry in entries[len(entries) // 2:] if "meta" in entry]


def provider_of(event):
    """Ours is user_events:PROVIDER_L5K0, theirs PROVIDER:NAME, where the name is in the payload."""
    if event.name == "sched:sched_switch":
        return event.name
    system, _, rest = event.name.partition(":")
    return rest.rsplit("_", 1)[0] if system == "user_events" else system


def compare_with_golden(recording, ours):
    """Fields compared."""
    golden = samples_of(recording.with_name(f"expected__{recording.name}.json"))
    offset = PerfFile(recording).wall_clock_offset_ns()
    fields = 0
    for number_of_event, mine, other in pairs(ORACLE, ours, golden, ("cpu", "pid", "tid")):
        compare(ORACLE, number_of_event, "time", (mine.time_ns + offset) // 100 * 100, other.time_ns)
        compare(ORACLE, number_of_event, "provider", provider_of(mine), provider_of(other))
        compare(ORACLE, number_of_event, mine.name, mine.fields, other.fields)
        fields += len(other.fields)
    return fields
